package dev.imgcompat.core.config;

/** A text that is no value of its kind; the message says what to write, but not where. */
final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;

  BadValueException(String message) {
    super(message);
  }
}
