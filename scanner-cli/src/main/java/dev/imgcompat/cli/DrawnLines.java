package dev.imgcompat.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lines at the end of what a terminal shows, drawn again and again in their place, and removed in
 * the end. Safe for use by several threads.
 */
final class DrawnLines {
  private static final int INTERVAL_MILLIS = 150;

  private final PrintWriter err;
  private final Supplier<List<String>> lines;
  private final Object lock = new Object();
  private final ScheduledExecutorService clock;
  private int drawn;
  private boolean finished;

  /**
   * Starts to draw.
   *
   * @param err a terminal
   * @param lines what to show now; each must fit
   */
  DrawnLines(PrintWriter err, Supplier<List<String>> lines) {
    this.err = err;
    this.lines = lines;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        clock.scheduleWithFixedDelay(
            this::draw, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Draws the lines in the place of those that were drawn before. */
  void draw() {
    synchronized (lock) {
      if (finished) {
        return;
      }
      erase();
      List<String> now = lines.get();
      now.forEach(line -> err.print(line + "\n"));
      drawn = now.size();
      err.flush();
    }
  }

  /** Writes something else in their place; they come below it. */
  void print(Runnable writing) {
    synchronized (lock) {
      erase();
      err.flush();
      writing.run();
    }
  }

  /** Removes them. */
  void finish() {
    clock.shutdownNow();
    synchronized (lock) {
      finished = true;
      erase();
      err.flush();
    }
  }

  private void erase() {
    if (drawn > 0) {
      err.print("\u001b[" + drawn + "A\r\u001b[J");
      drawn = 0;
    }
  }
}
