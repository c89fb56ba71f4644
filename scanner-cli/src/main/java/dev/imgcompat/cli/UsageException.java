package dev.imgcompat.cli;

/** What was asked for cannot be done; the message says why and what to write instead. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
