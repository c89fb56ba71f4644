package dev.imgcompat.core.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * What paths are relative to.
 *
 * @param directory for those without a {@code /} at their start
 * @param home for those with {@code ~/}
 */
record PathBase(Path directory, Path home) {
  /** An absolute path. */
  Path parse(String text) throws BadValueException {
    try {
      if (text.isEmpty()) {
        throw new BadValueException("names no file: write the path of one");
      }
      if (text.equals("~")) {
        return home;
      }
      if (text.startsWith("~/")) {
        return home.resolve(text.substring(2)).toAbsolutePath();
      }
      if (text.startsWith("~")) {
        throw new BadValueException("only ~/ stands for a home directory: write the path in full");
      }
      return directory.resolve(text).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new BadValueException("not the path of a file: write one without NUL characters");
    }
  }
}
