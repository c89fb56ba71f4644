package dev.imgcompat.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The user's home directory. */
final class Homes {
  private Homes() {}

  static Path of(Streams streams) throws UsageException {
    String home = streams.environment().getOrDefault("HOME", "");
    try {
      return Path.of(home.isEmpty() ? System.getProperty("user.home", "") : home);
    } catch (InvalidPathException e) {
      throw new UsageException("HOME is not the path of a directory: set it to one");
    }
  }
}
