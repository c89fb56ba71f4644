package dev.imgcompat.core.registry;

import java.io.IOException;
import java.io.Serial;

/** An answer that makes no sense, and would make none the next time. */
final class BadAnswer extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message in one line, without secrets: no address but for its host
   */
  BadAnswer(String message) {
    super(message);
  }
}
