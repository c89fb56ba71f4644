package dev.imgcompat.cli;

import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.Printable;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One line for each layer that is being read: what, how much of it, and a bar of its bytes. The
 * lines are drawn again in their place until the layers are done, and then removed.
 */
final class ProgressBars implements ProgressDisplay {
  private static final int MAX_LINES = 8;
  private static final int MIN_BAR = 10;

  /** Small layers come and go faster than anybody could read. */
  private static final long LEAST_BYTES = 256 << 10;

  private final int columns;
  private final Object lock = new Object();
  private final Map<String, Bar> bars = new LinkedHashMap<>();
  private final DrawnLines drawn;

  private record Bar(String name, long total, AtomicLong done) {}

  /**
   * Starts to draw.
   *
   * @param err a terminal
   * @param columns of the terminal
   */
  ProgressBars(PrintWriter err, int columns) {
    this.columns = columns;
    this.drawn = new DrawnLines(err, this::lines);
  }

  @Override
  public void layerStarted(ImageReference image, Layer layer) {
    long size = layer.size().orElse(-1);
    if (size < 0 || size >= LEAST_BYTES) {
      String name = Printable.of(image.text()) + " " + layer.digest().hex().substring(0, 12);
      synchronized (lock) {
        bars.put(layer.digest().value(), new Bar(name, size, new AtomicLong()));
      }
    }
  }

  @Override
  public void layerBytes(Layer layer, long bytes) {
    add(layer.digest().value(), bytes);
  }

  @Override
  public void layerEnded(Layer layer) {
    synchronized (lock) {
      bars.remove(layer.digest().value());
    }
  }

  @Override
  public void bytes(ImageReference image, long bytes) {
    synchronized (lock) {
      bars.computeIfAbsent(image.text(), key -> new Bar(Printable.of(key), -1, new AtomicLong()));
    }
    add(image.text(), bytes);
  }

  @Override
  public void ended(ImageReference image) {
    synchronized (lock) {
      bars.remove(image.text());
    }
  }

  @Override
  public void print(Runnable writing) {
    drawn.print(writing);
  }

  @Override
  public void finish() {
    drawn.finish();
  }

  private void add(String key, long bytes) {
    synchronized (lock) {
      Bar bar = bars.get(key);
      if (bar != null) {
        bar.done().addAndGet(bytes);
      }
    }
  }

  /** Draws now. */
  void draw() {
    drawn.draw();
  }

  private List<String> lines() {
    synchronized (lock) {
      return bars.values().stream()
          .limit(MAX_LINES)
          .map(bar -> line(bar.name(), bar.done().get(), bar.total(), columns))
          .toList();
    }
  }

  /** One line that fits; {@code total} is negative where nobody knows it. */
  static String line(String name, long done, long total, int columns) {
    if (total < 0) {
      return fitted(name, columns - 22) + String.format(Locale.ROOT, "  %9s read", Sizes.of(done));
    }
    long percent = total == 0 ? 100 : Math.min(100, 100 * done / total);
    String numbers =
        String.format(Locale.ROOT, " %3d%%  %s of %s", percent, Sizes.of(done), Sizes.of(total));
    int room = columns - 1 - numbers.length();
    int bar = Math.max(MIN_BAR, Math.min(40, room - name.length() - 3));
    int filled = (int) (bar * percent / 100);
    return fitted(name, room - bar - 3)
        + " ["
        + "#".repeat(filled)
        + " ".repeat(bar - filled)
        + "]"
        + numbers;
  }

  /** The end of a name tells more than its beginning. */
  private static String fitted(String name, int most) {
    int length = Math.max(1, most);
    return name.length() <= length ? name : "…" + name.substring(name.length() - length + 1);
  }
}
