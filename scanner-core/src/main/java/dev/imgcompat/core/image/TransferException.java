package dev.imgcompat.core.image;

import java.io.IOException;
import java.io.Serial;

/** A stream of a blob that cannot go on, for a reason that is already fit for people. */
public final class TransferException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final ScanException failure;

  public TransferException(ScanException failure) {
    super(failure.getMessage(), failure);
    this.failure = failure;
  }

  /** Why it cannot go on. */
  public ScanException failure() {
    return failure;
  }
}
