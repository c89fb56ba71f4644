package dev.imgcompat.core.sweep.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What comes only once, such as standard input, to be read again: what was read is kept in a
 * temporary file that nobody else sees. For one reader at a time.
 */
final class RememberedInput implements Closeable {
  private static final long MOST_BYTES = 1L << 30;

  private final InputStream once;
  // No channel: an interrupted thread would close it.
  private @Nullable RandomAccessFile kept;
  private long size;
  private boolean ended;
  private boolean closed;

  RememberedInput(InputStream once) {
    this.once = once;
  }

  /** All of it from the start; what was not read yet is read when it is wanted. */
  InputStream open() throws IOException {
    if (closed) {
      throw new IOException("it is closed");
    }
    RandomAccessFile file = kept;
    if (file == null) {
      file = temporaryFile();
      kept = file;
    }
    return new Reader(file);
  }

  private static RandomAccessFile temporaryFile() throws IOException {
    Path path = Files.createTempFile("imgcompat", ".references"); // for its owner alone
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      Files.delete(path);
    } catch (IOException e) {
      // Not every system lets go of the name of an open file.
      path.toFile().deleteOnExit();
    }
    return file;
  }

  /** Forgets it. */
  @Override
  public void close() throws IOException {
    closed = true;
    if (kept != null) {
      kept.close();
    }
  }

  private final class Reader extends InputStream {
    private final RandomAccessFile file;
    private long position;

    Reader(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read;
      if (position < size) {
        file.seek(position);
        read = file.read(buffer, offset, (int) Math.min(length, size - position));
      } else {
        read = ended ? -1 : once.read(buffer, offset, length);
        if (read < 0) {
          ended = true;
          return -1;
        }
        keep(buffer, offset, read);
      }
      position += Math.max(0, read);
      return read;
    }

    private void keep(byte[] buffer, int offset, int length) throws IOException {
      if (size + length > MOST_BYTES) {
        throw new IOException("it is longer than 1 GiB");
      }
      file.seek(size);
      file.write(buffer, offset, length);
      size += length;
    }
  }
}
