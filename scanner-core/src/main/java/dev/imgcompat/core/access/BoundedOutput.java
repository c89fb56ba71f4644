package dev.imgcompat.core.access;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of what a program writes; the rest is read too, lest the program waits. Safe for
 * use by several threads.
 */
final class BoundedOutput {
  private final int most;
  private final Runnable whenExceeded;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private boolean exceeded;
  private @Nullable Thread thread;

  /**
   * Creates one that is empty.
   *
   * @param most bytes to keep
   * @param whenExceeded is run once there is more
   */
  BoundedOutput(int most, Runnable whenExceeded) {
    this.most = most;
    this.whenExceeded = whenExceeded;
  }

  /** Reads a stream to its end, in a thread of its own. */
  synchronized void drain(InputStream in, String name) {
    thread = new Thread(() -> read(in), name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until the stream is at its end, but not for long. */
  void await(Duration patience) throws InterruptedException {
    Thread reading;
    synchronized (this) {
      reading = thread;
    }
    if (reading != null) {
      reading.join(patience.toMillis());
    }
  }

  /** What there is so far. */
  synchronized byte[] bytes() {
    return kept.toByteArray();
  }

  /** Whether there was more than is kept. */
  synchronized boolean isExceeded() {
    return exceeded;
  }

  private void read(InputStream in) {
    byte[] buffer = new byte[8 << 10];
    try {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (keep(buffer, length)) {
          whenExceeded.run();
        }
      }
    } catch (IOException e) {
      // The program was ended; what there is stays.
    }
  }

  /** Returns whether this passed the bound. */
  private synchronized boolean keep(byte[] buffer, int length) {
    int room = Math.min(length, most - kept.size());
    kept.write(buffer, 0, room);
    boolean first = room < length && !exceeded;
    exceeded |= room < length;
    return first;
  }
}
