package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ScanException;

/**
 * Counts what could not be listed since nobody answered: after much of it in a row a registry is
 * down, and each further question would only be asked again and again. Used by one thread.
 */
final class Unanswered {
  private static final int MOST = 5;

  private int inARow;

  /** Something was listed. */
  void answered() {
    inARow = 0;
  }

  /**
   * Something could not be listed.
   *
   * @throws ScanException the failure, if the listing is to break off
   */
  void failed(ScanException why) throws ScanException {
    if (why.retryable() && ++inARow >= MOST) {
      throw why;
    }
  }
}
