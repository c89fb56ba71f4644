package dev.imgcompat.core.registry;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Optional;

/** An answer that says that another try may be answered otherwise: 408, 429, 5xx. */
final class TryLater extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Optional<Duration> retryAfter;

  /**
   * Makes one.
   *
   * @param status of the answer
   * @param retryAfter what it asks to wait
   * @param message in one line, without secrets
   */
  TryLater(int status, Optional<Duration> retryAfter, String message) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  boolean isRateLimit() {
    return status == 429;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
