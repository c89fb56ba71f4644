package dev.imgcompat.cli;

import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.FileFactStore;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.state.FileSweepState;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a sweep when the process is told to end: nothing more is begun, what is being done has a few
 * seconds, and what was found is kept. Safe for use by several threads.
 */
final class SweepInterrupt {
  /** With what is being done. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** With the cache, and with whoever does not read. */
  private static final Duration LAST_PATIENCE = Duration.ofMillis(300);

  private final SweepRun run;
  private final FileSweepState state;
  private final FactStore store;
  private final SweepDisplay display;
  private final Streams streams;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean said = new AtomicBoolean();

  SweepInterrupt(
      SweepRun run, FileSweepState state, FactStore store, SweepDisplay display, Streams streams) {
    this.run = run;
    this.state = state;
    this.store = store;
    this.display = display;
    this.streams = streams;
  }

  /** The process is told to end. */
  void interrupted() {
    run.cancel();
    try {
      // In time or not: what was found is kept.
      var unused = ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      flush();
      run.discard();
      if (store instanceof FileFactStore files) {
        files.close(LAST_PATIENCE);
      }
      Thread saying = new Thread(this::say, "saying");
      saying.setDaemon(true);
      saying.start();
      saying.join(LAST_PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void flush() {
    try {
      state.flush();
    } catch (RuntimeException e) {
      // It is being closed, which does the same.
    }
  }

  /** The sweep is over. */
  void ended() {
    ended.countDown();
  }

  /** Says once what became of it. */
  void say() {
    if (said.compareAndSet(false, true)) {
      display.finish();
      SweepProgress progress = run.progress();
      streams
          .err()
          .println(
              "imgcompat: interrupted after "
                  + SweepStatus.number(progress.done())
                  + " tags; the same command goes on from there");
      streams.err().flush();
    }
  }
}
