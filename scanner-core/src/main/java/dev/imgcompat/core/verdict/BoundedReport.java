package dev.imgcompat.core.verdict;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A report that may not be longer than the memory has room for. For one thread. */
final class BoundedReport extends FilterInputStream {
  /** A report takes about as much memory as its text has bytes. */
  private static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 2;

  private long left = MAX_BYTES;

  private BoundedReport(InputStream in) {
    super(in);
  }

  static InputStream of(InputStream in) {
    return new BoundedReport(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    left -= Math.max(0, read);
    if (left < 0) {
      throw new IOException(
          "a report of more than "
              + (MAX_BYTES >> 20)
              + " MiB needs more memory: IMGCOMPAT_JAVA_OPTS=-Xmx4g gives it, or scan into several"
              + " reports");
    }
    return read;
  }
}
