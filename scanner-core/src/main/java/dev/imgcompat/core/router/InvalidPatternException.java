package dev.imgcompat.core.router;

/** A pattern that no ECMAScript engine compiles; the message says why, in one line. */
public class InvalidPatternException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidPatternException(String message) {
    super(message);
  }
}
