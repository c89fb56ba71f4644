package dev.imgcompat.core.rules;

/** A kernel configuration that no profile can be made of; one line says why. */
public final class KernelConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  KernelConfigException(String message) {
    super(message);
  }
}
