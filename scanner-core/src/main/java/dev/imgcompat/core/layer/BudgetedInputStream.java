package dev.imgcompat.core.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts the bytes of a stream, and ends with {@link Exhausted} when more are read than are allowed
 * at the moment. Closing it does not close the stream beneath.
 */
final class BudgetedInputStream extends FilterInputStream {
  /** More was read than was allowed. */
  static final class Exhausted extends IOException {
    private static final long serialVersionUID = 1L;

    Exhausted(String message) {
      super(message);
    }
  }

  private long count;
  private long limit = Long.MAX_VALUE;
  private String what = "";

  BudgetedInputStream(InputStream in) {
    super(in);
  }

  long count() {
    return count;
  }

  /** Allows so many more bytes; {@code what} names what is bounded. */
  void allow(long bytes, String what) {
    this.limit = bytes > Long.MAX_VALUE - count ? Long.MAX_VALUE : count + bytes;
    this.what = what;
  }

  @Override
  public int read() throws IOException {
    int octet = in.read();
    if (octet >= 0) {
      advance(1);
    }
    return octet;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      advance(read);
    }
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    long skipped = in.skip(bytes);
    advance(skipped);
    return skipped;
  }

  @Override
  public void close() {}

  private void advance(long bytes) throws Exhausted {
    count += bytes;
    if (count > limit) {
      throw new Exhausted(what);
    }
  }
}
