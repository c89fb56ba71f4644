package dev.imgcompat.core.export;

/** Reports from which the wanted list cannot be made; the message says why, in one line. */
public final class ExportException extends Exception {
  private static final long serialVersionUID = 1L;

  ExportException(String message) {
    super(message);
  }
}
