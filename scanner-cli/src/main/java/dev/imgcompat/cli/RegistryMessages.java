package dev.imgcompat.cli;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.RegistryListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells the user what registries make us do: warnings, each once, and why nothing seems to happen.
 * Safe for use by several threads.
 */
final class RegistryMessages implements RegistryListener {
  /** Nobody notices that nothing happens for less than this. */
  private static final Duration NOTICEABLE = Duration.ofSeconds(1);

  /** Who has more to say says the same of ever other images. */
  private static final int MOST_WARNINGS = 100;

  private final PrintWriter err;
  private final ProgressDisplay progress;
  private final boolean debug;
  private final boolean waits;
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> lastTold = new ConcurrentHashMap<>();

  RegistryMessages(PrintWriter err, ProgressDisplay progress, boolean debug) {
    this(err, progress, debug, true);
  }

  private RegistryMessages(
      PrintWriter err, ProgressDisplay progress, boolean debug, boolean waits) {
    this.err = err;
    this.progress = progress;
    this.debug = debug;
    this.waits = waits;
  }

  /** Those of a sweep, which waits so often that it is no news. */
  static RegistryMessages ofSweep(PrintWriter err, ProgressDisplay progress, boolean debug) {
    return new RegistryMessages(err, progress, debug, false);
  }

  @Override
  public void waiting(String registry, String why, Duration pause) {
    // Several layers at a time wait for the same.
    if (debug || (waits && pause.compareTo(NOTICEABLE) >= 0 && isNews(registry + why))) {
      String seconds = String.format(Locale.ROOT, "%.1f", pause.toMillis() / 1000.0);
      print("registry " + registry + ": " + why + "; trying again in " + seconds + " s");
    }
  }

  private boolean isNews(String what) {
    long now = System.nanoTime();
    Long before = lastTold.put(what, now);
    return before == null || now - before > NOTICEABLE.toNanos();
  }

  @Override
  public void warning(String what) {
    if (told.size() < MOST_WARNINGS && told.add(what)) {
      print("warning: " + what);
      if (told.size() == MOST_WARNINGS) {
        print("more warnings are not shown");
      }
    }
  }

  /** Says something that is no warning. */
  void note(String what) {
    print(what);
  }

  private synchronized void print(String line) {
    progress.print(
        () -> {
          err.println("imgcompat: " + Printable.of(line));
          err.flush();
        });
  }
}
