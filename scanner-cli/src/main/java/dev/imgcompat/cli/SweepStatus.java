package dev.imgcompat.cli;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.sweep.SweepProgress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Says how far a sweep is, in few lines. Remembers the last half minute, by which it tells how fast
 * it goes and when it will be done. For one thread.
 */
final class SweepStatus {
  private static final long WINDOW_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int MAX_WAITING = 3;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long done, long bytes) {}

  /**
   * Says it now.
   *
   * @param nanos the time, of a clock that only goes on
   * @param columns that no line may exceed
   */
  List<String> lines(SweepProgress progress, long nanos, int columns) {
    sample(progress, nanos);
    List<String> lines = new ArrayList<>();
    lines.add(fitted(tags(progress), columns));
    lines.add(fitted(layers(progress), columns));
    waiting(progress.waiting()).forEach(line -> lines.add(fitted(line, columns)));
    return lines;
  }

  private void sample(SweepProgress progress, long nanos) {
    samples.addLast(new Sample(nanos, progress.done() - progress.resumed(), progress.bytes()));
    while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  private String tags(SweepProgress progress) {
    OptionalLong total = total(progress);
    String of =
        total.isEmpty()
            ? " of at least " + number(progress.listed())
            : (progress.listing() ? " of about " : " of ") + number(total.getAsLong());
    String percent =
        total.isEmpty() || total.getAsLong() == 0
            ? ""
            : " (" + Math.min(100, 100 * progress.done() / total.getAsLong()) + "%)";
    List<String> parts = new ArrayList<>();
    add(parts, progress.resumed(), "done before");
    add(parts, progress.unchanged(), "unchanged");
    add(parts, progress.known(), "known");
    add(parts, progress.scanned(), "scanned");
    add(parts, progress.failed(), "failed");
    return number(progress.done())
        + of
        + " tags"
        + percent
        + left(progress, total)
        + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
  }

  private static void add(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(number(count) + " " + what);
    }
  }

  /** How many tags there will be; while they are listed, as many as last time. */
  private static OptionalLong total(SweepProgress progress) {
    if (!progress.listing()) {
      return OptionalLong.of(progress.listed());
    }
    return progress.expected().isPresent() && progress.expected().getAsLong() >= progress.listed()
        ? progress.expected()
        : OptionalLong.empty();
  }

  /** How long it will take at the speed of the last half minute. */
  private String left(SweepProgress progress, OptionalLong total) {
    long nanos = samples.getLast().nanos() - samples.getFirst().nanos();
    long done = samples.getLast().done() - samples.getFirst().done();
    if (total.isEmpty() || done <= 0 || nanos <= 0 || progress.waiting().containsKey("")) {
      return "";
    }
    double seconds = (total.getAsLong() - progress.done()) * (nanos / 1e9) / done;
    return seconds <= 0
        ? ""
        : ", " + Times.of(Duration.ofSeconds((long) Math.ceil(seconds))) + " left";
  }

  private String layers(SweepProgress progress) {
    long nanos = samples.getLast().nanos() - samples.getFirst().nanos();
    long bytes = samples.getLast().bytes() - samples.getFirst().bytes();
    String speed =
        bytes <= 0 || nanos <= 0 ? "" : ", " + Sizes.of((long) (bytes / (nanos / 1e9))) + "/s";
    return number(progress.pulled())
        + " layers pulled ("
        + Sizes.of(progress.bytes())
        + speed
        + "), "
        + number(progress.shared())
        + " known already";
  }

  private static List<String> waiting(Map<String, String> waiting) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, String> one : new TreeMap<>(waiting).entrySet()) {
      if (lines.size() == MAX_WAITING) {
        lines.add("and " + (waiting.size() - MAX_WAITING) + " more registries wait");
        break;
      }
      lines.add(
          one.getKey().isEmpty()
              ? Printable.of(one.getValue())
              : Printable.of(one.getKey() + ": " + one.getValue()));
    }
    return lines;
  }

  /** A line that leaves the last column free; what may be wide counts as two columns. */
  static String fitted(String line, int columns) {
    int room = columns - 1;
    int used = 0;
    for (int i = 0; i < line.length(); i += Character.charCount(line.codePointAt(i))) {
      int width = line.codePointAt(i) < 0x300 ? 1 : 2;
      if (used + width > room) {
        return cut(line, room);
      }
      used += width;
    }
    return line;
  }

  private static String cut(String line, int room) {
    int used = 1; // of the mark at the end
    int end = 0;
    while (end < line.length()) {
      int width = line.codePointAt(end) < 0x300 ? 1 : 2;
      if (used + width > room) {
        break;
      }
      used += width;
      end += Character.charCount(line.codePointAt(end));
    }
    return line.substring(0, end) + "…";
  }

  static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
