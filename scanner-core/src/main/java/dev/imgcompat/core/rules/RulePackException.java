package dev.imgcompat.core.rules;

/** A rule file that cannot be used: which file, which line, and why. */
public final class RulePackException extends Exception {
  private static final long serialVersionUID = 1L;

  RulePackException(String message) {
    super(message);
  }
}
