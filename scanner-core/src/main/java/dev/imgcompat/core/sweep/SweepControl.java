package dev.imgcompat.core.sweep;

import dev.imgcompat.core.sweep.plan.QuietHours;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Holds a sweep up, lets it go on, ends it. Safe for use by several threads. */
public final class SweepControl {
  /** Clocks are set, and machines sleep: it is looked at again after this. */
  private static final long LOOK_MILLIS = 500;

  private final QuietHours quietHours;
  private final Clock clock;
  private boolean paused;
  private boolean cancelled;

  SweepControl(QuietHours quietHours, Clock clock) {
    this.quietHours = quietHours;
    this.clock = clock;
  }

  /** Begins nothing more for now; what was begun is finished. */
  public synchronized void pause() {
    paused = true;
  }

  /** Goes on. */
  public synchronized void resume() {
    paused = false;
    notifyAll();
  }

  /** Begins nothing more at all. */
  public synchronized void cancel() {
    cancelled = true;
    notifyAll();
  }

  /** Whether it is held up. */
  public synchronized boolean isPaused() {
    return paused;
  }

  /** Whether it was ended. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Why nothing goes on now, if nothing does. */
  Optional<String> waiting() {
    if (isPaused()) {
      return Optional.of("paused");
    }
    return quietHours
        .until(clock.instant())
        .map(
            end ->
                "quiet hours until "
                    + end.atZone(quietHours.zone()).truncatedTo(ChronoUnit.MINUTES));
  }

  /**
   * Waits while it is held up or quiet.
   *
   * @throws Cancelled if it was ended
   */
  synchronized void awaitTurn() throws InterruptedException {
    while (!cancelled && (paused || quietHours.until(clock.instant()).isPresent())) {
      wait(LOOK_MILLIS);
    }
    if (cancelled) {
      throw new Cancelled();
    }
  }

  /**
   * Waits until a time.
   *
   * @throws Cancelled if it was ended
   */
  synchronized void awaitTime(Instant time) throws InterruptedException {
    while (!cancelled && clock.instant().isBefore(time)) {
      long millis = Duration.between(clock.instant(), time).toMillis();
      wait(Math.max(1, Math.min(LOOK_MILLIS, millis)));
    }
    if (cancelled) {
      throw new Cancelled();
    }
  }

  /** The sweep was ended. Leaves every listing and every look by the shortest way. */
  static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Cancelled() {
      super("the sweep was ended", null, false, false);
    }
  }
}
