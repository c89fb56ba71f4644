package dev.imgcompat.service.background;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread for what goes on beside requests; it keeps no process alive. */
public final class Background implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  private final ScheduledThreadPoolExecutor thread;

  /**
   * Creates one.
   *
   * @param name of the thread
   */
  public Background(String name) {
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
    thread.setRemoveOnCancelPolicy(true);
  }

  /** Does something again and again, with a pause after each time, whatever becomes of it. */
  public void every(Duration pause, Runnable task) {
    var unused =
        thread.scheduleWithFixedDelay(
            () -> run(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does something once, later; not if this is closed by then. */
  public void after(Duration pause, Runnable task) {
    try {
      var unused =
          thread.schedule(() -> run(task), Math.max(0, pause.toNanos()), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed", e);
    }
  }

  /** A task that throws would not be done again. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("what goes on in the background failed", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
