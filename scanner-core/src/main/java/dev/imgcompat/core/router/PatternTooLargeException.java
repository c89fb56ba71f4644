package dev.imgcompat.core.router;

/** A pattern that is too large to be compiled here; whether a router compiles it is not known. */
public final class PatternTooLargeException extends InvalidPatternException {
  private static final long serialVersionUID = 1L;

  PatternTooLargeException() {
    super("Regular expression too large");
  }
}
