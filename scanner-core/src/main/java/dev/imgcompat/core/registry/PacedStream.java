package dev.imgcompat.core.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * Bytes of a layer, which come no faster than a registry's rate allows. They are waited for after
 * they were read, so that no time is counted against the registry.
 */
final class PacedStream extends FilterInputStream {
  private final Throttle throttle;
  private final Deadline deadline;

  PacedStream(InputStream in, Throttle throttle, Deadline deadline) {
    super(in);
    this.throttle = throttle;
    this.deadline = deadline;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, Math.min(length, throttle.bytesAtOnce()));
    if (read > 0) {
      try {
        deadline.forgive(throttle.awaitBytes(read));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    byte[] scratch = new byte[(int) Math.min(8192, Math.max(bytes, 1))];
    return bytes <= 0 ? 0 : Math.max(0, read(scratch, 0, (int) Math.min(scratch.length, bytes)));
  }
}
