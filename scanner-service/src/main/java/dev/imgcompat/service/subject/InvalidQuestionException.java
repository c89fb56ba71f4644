package dev.imgcompat.service.subject;

/** The question cannot be understood; the message says why in one printable line. */
public final class InvalidQuestionException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidQuestionException(String message) {
    super(message);
  }
}
