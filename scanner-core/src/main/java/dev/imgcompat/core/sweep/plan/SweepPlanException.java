package dev.imgcompat.core.sweep.plan;

/** A plan has a mistake; the message says which, in one printable line. */
public final class SweepPlanException extends Exception {
  private static final long serialVersionUID = 1L;

  public SweepPlanException(String message) {
    super(message);
  }
}
