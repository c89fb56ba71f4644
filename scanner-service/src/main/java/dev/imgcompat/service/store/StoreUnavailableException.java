package dev.imgcompat.service.store;

/** The store does not answer, or too late. The message is one line and holds no secret. */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
