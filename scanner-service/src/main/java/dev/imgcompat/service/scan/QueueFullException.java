package dev.imgcompat.service.scan;

import java.time.Duration;

/** The queue of scans, or of sweeps, is full. */
public final class QueueFullException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  public QueueFullException(long waiting, Duration retryAfter) {
    this(waiting, "scans", retryAfter);
  }

  /**
   * Creates one.
   *
   * @param what waits, such as {@code scans}
   */
  public QueueFullException(long waiting, String what, Duration retryAfter) {
    super(waiting + " " + what + " are waiting already: no more are taken for now");
    this.retryAfter = retryAfter;
  }

  /** When there may be room again. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
