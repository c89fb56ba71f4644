package dev.imgcompat.core.tar;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads and skips less than was asked for at the end only. Commons Compress takes anything less for
 * the end of a part of a sparse file. Closing it does not close the stream beneath.
 */
final class FullReads extends FilterInputStream {
  FullReads(InputStream in) {
    super(in);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.readNBytes(buffer, offset, length);
    return read == 0 && length > 0 ? -1 : read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    long left = bytes;
    while (left > 0) {
      long skipped = in.skip(left);
      if (skipped <= 0) {
        if (in.read() < 0) {
          break;
        }
        skipped = 1;
      }
      left -= skipped;
    }
    return Math.max(0, bytes) - Math.max(0, left);
  }

  @Override
  public void close() {}
}
