package dev.imgcompat.core.config;

/**
 * A value, and where it is said.
 *
 * @param <T> the type of the value
 */
public record Setting<T>(T value, Origin origin) {
  /** Without the value, which may hold a password. */
  @Override
  public String toString() {
    return "Setting[" + origin + "]";
  }
}
