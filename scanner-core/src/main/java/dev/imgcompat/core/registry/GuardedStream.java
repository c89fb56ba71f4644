package dev.imgcompat.core.registry;

import dev.imgcompat.core.registry.RegistrySettings.Timeouts;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/**
 * The body of a response, which must come at some speed and by some time. Only the time counts that
 * is spent on waiting for it.
 */
final class GuardedStream extends FilterInputStream {
  private final Timeouts timeouts;
  private final Deadline deadline;
  private long windowNanos;
  private long windowBytes;

  GuardedStream(InputStream body, Timeouts timeouts, Deadline deadline) {
    super(body);
    this.timeouts = timeouts;
    this.deadline = deadline;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long start = System.nanoTime();
    int read = in.read(buffer, offset, length);
    windowNanos += System.nanoTime() - start;
    windowBytes += Math.max(read, 0);
    if (read >= 0) {
      check();
    }
    return read;
  }

  private void check() throws IOException {
    if (deadline.hasPassed()) {
      throw new SocketTimeoutException(
          "it was not done within " + Failures.duration(deadline.allowed()));
    }
    if (windowNanos >= timeouts.stall().toNanos()) {
      double perSecond = windowBytes / (windowNanos / 1e9);
      if (perSecond < timeouts.minimumSpeed()) {
        throw new SocketTimeoutException("it sent only " + (long) perSecond + " bytes a second");
      }
      windowNanos = 0;
      windowBytes = 0;
    }
  }

  @Override
  public long skip(long bytes) throws IOException {
    byte[] scratch = new byte[(int) Math.min(8192, Math.max(bytes, 1))];
    return bytes <= 0 ? 0 : Math.max(0, read(scratch, 0, (int) Math.min(scratch.length, bytes)));
  }
}
