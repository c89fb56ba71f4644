package dev.imgcompat.core.registry;

import java.io.IOException;

/** A host must not be asked. The message is one line and says why; another try is of no use. */
public final class UnreachableException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnreachableException(String message) {
    super(message);
  }
}
