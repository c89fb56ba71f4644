package dev.imgcompat.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration is made of.
 *
 * @param file the config file that was asked for, if any
 * @param flags those that were given, in their order
 * @param environment variables
 * @param home the user's home directory
 */
public record ConfigInputs(
    Optional<String> file, List<Flag> flags, Map<String, String> environment, Path home) {
  public ConfigInputs {
    flags = List.copyOf(flags);
    environment = Map.copyOf(environment);
  }

  /** Without what they hold, which may be secret. */
  @Override
  public String toString() {
    return "ConfigInputs[" + flags.size() + " flags]";
  }

  /**
   * A flag that was given.
   *
   * @param name such as {@code --connect-timeout}
   * @param value as it was given
   */
  public record Flag(String name, String value) {
    /** Without the value, which may hold a password. */
    @Override
    public String toString() {
      return name;
    }
  }
}
