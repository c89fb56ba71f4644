package dev.imgcompat.cli;

import dev.imgcompat.core.sweep.SweepProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Shows how far a sweep is, as soon as there is one. Safe for use by several threads. */
abstract class SweepDisplay implements ProgressDisplay {
  /** Of lines that stay, such as in the log of a job. */
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final SweepStatus status = new SweepStatus();
  private volatile @Nullable Supplier<SweepProgress> sweep;

  private SweepDisplay() {}

  /** Shows this sweep from now on. */
  void show(Supplier<SweepProgress> progress) {
    sweep = progress;
  }

  /** The lines of now, each of fewer than so many columns. */
  synchronized List<String> lines(int columns) {
    Supplier<SweepProgress> shown = sweep;
    return shown == null ? List.of() : status.lines(shown.get(), System.nanoTime(), columns);
  }

  /**
   * Begins to show.
   *
   * @param wanted whether anything is to be shown
   * @param animated whether lines can be drawn again in their place
   * @param columns of the terminal
   */
  static SweepDisplay create(boolean wanted, boolean animated, PrintWriter err, int columns) {
    if (!wanted) {
      return new SweepDisplay() {};
    }
    return animated ? new Drawn(err, columns) : new Logged(err);
  }

  /** Draws. */
  private static final class Drawn extends SweepDisplay {
    private final DrawnLines drawn;

    Drawn(PrintWriter err, int columns) {
      this.drawn = new DrawnLines(err, () -> lines(columns));
    }

    @Override
    public void print(Runnable writing) {
      drawn.print(writing);
    }

    @Override
    public void finish() {
      drawn.finish();
    }
  }

  /** Adds a line every minute. */
  private static final class Logged extends SweepDisplay {
    private final ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });

    Logged(PrintWriter err) {
      var unused =
          clock.scheduleWithFixedDelay(
              () -> {
                List<String> lines = lines(Integer.MAX_VALUE);
                if (!lines.isEmpty()) {
                  err.println("imgcompat: " + String.join("; ", lines));
                  err.flush();
                }
              },
              INTERVAL.toMillis(),
              INTERVAL.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    @Override
    public void finish() {
      clock.shutdownNow();
    }
  }
}
