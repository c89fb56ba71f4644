package dev.imgcompat.core.config;

import dev.imgcompat.core.image.Printable;

/**
 * A setting that cannot be used: where it is said, what is wrong with it, and what to write
 * instead. The message is one line, fit for people, and holds no secret.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(Printable.of(message));
  }

  ConfigException(Origin origin, String problem) {
    this(origin.name() + ": " + problem);
  }
}
