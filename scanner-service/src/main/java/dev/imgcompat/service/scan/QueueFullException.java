package dev.imgcompat.service.scan;

import java.time.Duration;

/** The queue of scans is full. */
public final class QueueFullException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  public QueueFullException(long waiting, Duration retryAfter) {
    super(waiting + " scans are waiting already: no more are taken for now");
    this.retryAfter = retryAfter;
  }

  /** When there may be room again. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
