package dev.imgcompat.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file to read from its start to its end, which may be a pipe: what it has ready is not asked.
 */
final class InputFile extends FilterInputStream {
  private InputFile(InputStream in) {
    super(in);
  }

  /** Opens a file; fails as {@link Files#newInputStream} does. */
  static InputStream open(Path file) throws IOException {
    return new InputFile(Files.newInputStream(file));
  }

  /** Nothing is known: the stream below would have to seek. */
  @Override
  public int available() {
    return 0;
  }
}
