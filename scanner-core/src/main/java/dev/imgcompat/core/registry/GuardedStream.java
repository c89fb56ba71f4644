package dev.imgcompat.core.registry;

import dev.imgcompat.core.registry.RegistrySettings.Timeouts;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, which must come at some speed and by some time. Only the time counts that
 * is spent on waiting for it. Closing it does not close the response.
 */
final class GuardedStream extends FilterInputStream {
  private final Timeouts timeouts;
  private final Deadline deadline;
  private final Runnable abort;
  private final Runnable closed;
  private long windowNanos;
  private long windowBytes;

  /** When the read began that is going on; 0 for none. */
  private volatile long reading;

  private volatile @Nullable String late;

  /**
   * Guards a body.
   *
   * @param abort ends a read that is going on
   * @param closed is run once this is no longer read
   */
  GuardedStream(
      InputStream body, Timeouts timeouts, Deadline deadline, Runnable abort, Runnable closed) {
    super(body);
    this.timeouts = timeouts;
    this.deadline = deadline;
    this.abort = abort;
    this.closed = closed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long start = System.nanoTime();
    reading = start | 1;
    int read;
    try {
      read = in.read(buffer, offset, length);
    } catch (IOException e) {
      throw late == null ? e : new SocketTimeoutException(late);
    } finally {
      reading = 0;
    }
    windowNanos += System.nanoTime() - start;
    windowBytes += Math.max(read, 0);
    if (read >= 0) {
      check();
    }
    return read;
  }

  private void check() throws IOException {
    if (deadline.hasPassed()) {
      throw new SocketTimeoutException(notDone());
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

  /**
   * Ends a read that takes too long, though bytes come: they may be those around the body, such as
   * the heads of chunks. To be called from time to time, by another thread.
   */
  void look() {
    long since = reading;
    if (since == 0 || late != null) {
      return;
    }
    if (deadline.hasPassed()) {
      late = notDone();
    } else if (System.nanoTime() - since
        > timeouts.stall().multipliedBy(5).dividedBy(4).toNanos()) {
      late = "it sent nothing of what was asked for";
    }
    if (late != null) {
      abort.run();
    }
  }

  private String notDone() {
    return "it was not done within " + Failures.duration(deadline.allowed());
  }

  @Override
  public long skip(long bytes) throws IOException {
    byte[] scratch = new byte[(int) Math.min(8192, Math.max(bytes, 1))];
    return bytes <= 0 ? 0 : Math.max(0, read(scratch, 0, (int) Math.min(scratch.length, bytes)));
  }

  @Override
  public void close() {
    closed.run();
  }
}
