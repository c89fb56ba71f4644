package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;

/** Reports from which the wanted list cannot be made; the message says why, in one line. */
public final class ExportException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is quoted may be anybody's, and of any length. */
  private static final int MAX_LENGTH = 600;

  public ExportException(String message) {
    super(Printable.of(PlainWords.shortened(message, MAX_LENGTH)));
  }
}
