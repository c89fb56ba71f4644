package dev.imgcompat.core.tar;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts the bytes of a stream, and ends with {@link Exhausted} when more are read than are allowed
 * at the moment. Closing it does not close the stream beneath.
 */
public final class BudgetedInputStream extends FilterInputStream {
  /** More was read than was allowed. */
  public static final class Exhausted extends IOException {
    private static final long serialVersionUID = 1L;

    public Exhausted(String message) {
      super(message);
    }
  }

  private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();
  private boolean recording;
  private long count;
  private long limit = Long.MAX_VALUE;
  private String what = "";

  public BudgetedInputStream(InputStream in) {
    super(in);
  }

  long count() {
    return count;
  }

  /** Allows so many more bytes; {@code what} names what is bounded. */
  public void allow(long bytes, String what) {
    this.limit = bytes > Long.MAX_VALUE - count ? Long.MAX_VALUE : count + bytes;
    this.what = what;
  }

  /** Begins to keep what is read, and forgets what was kept before. */
  void record() {
    recorded.reset();
    recording = true;
  }

  /** Returns what was read since {@link #record}, and keeps no more. */
  byte[] recorded() {
    recording = false;
    return recorded.toByteArray();
  }

  @Override
  public int read() throws IOException {
    int octet = in.read();
    if (octet >= 0) {
      advance(1);
      if (recording) {
        recorded.write(octet);
      }
    }
    return octet;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      advance(read);
      if (recording) {
        recorded.write(buffer, offset, read);
      }
    }
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    if (recording) {
      byte[] scratch = new byte[(int) Math.max(0, Math.min(bytes, 4096))];
      return Math.max(0, read(scratch, 0, scratch.length));
    }
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
