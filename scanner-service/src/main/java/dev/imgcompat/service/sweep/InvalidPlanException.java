package dev.imgcompat.service.sweep;

/** A plan that may not be swept; the message says why in one printable line. */
public final class InvalidPlanException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidPlanException(String message) {
    super(message);
  }
}
