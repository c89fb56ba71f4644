package dev.imgcompat.core.registry;

import dev.imgcompat.core.registry.RegistrySettings.Pace;
import dev.imgcompat.core.registry.RegistrySettings.Rate;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/**
 * Bounds what one registry is asked for at a time, by all threads together, and holds all of them
 * back while it wants to be left alone. Safe for use by several threads.
 */
final class Throttle {
  private static final double NANOS = 1e9;

  /** Threads do not sleep for less. */
  private static final Duration WORTH_A_PAUSE = Duration.ofMillis(5);

  /** How much too late threads wake up, at most, for the rate to be reached all the same. */
  private static final Duration LATENESS = Duration.ofMillis(50);

  private final Semaphore connections;
  private final long nanosBetween;
  private final OptionalLong bytesPerSecond;
  private final int bytesAtOnce;
  private final LongSupplier ticker;
  private long nextTurn;
  private long nextByte;

  Throttle(Pace pace) {
    this(pace, System::nanoTime);
  }

  /**
   * Creates one.
   *
   * @param ticker tells nanoseconds since any moment
   */
  Throttle(Pace pace, LongSupplier ticker) {
    this.connections = new Semaphore(pace.connections(), true);
    this.nanosBetween = pace.requests().map(Throttle::nanosBetween).orElse(0L);
    this.bytesPerSecond = pace.bytesPerSecond();
    // What all connections read before they wait is no more than a second's worth.
    this.bytesAtOnce =
        (int)
            Math.max(
                1,
                Math.min(
                    Integer.MAX_VALUE, bytesPerSecond.orElse(Long.MAX_VALUE) / pace.connections()));
    this.ticker = ticker;
    this.nextTurn = ticker.getAsLong();
    this.nextByte = nextTurn;
  }

  private static long nanosBetween(Rate rate) {
    return rate.per().toNanos() / rate.count();
  }

  /** Waits until there is a connection to be had; the caller leaves again. */
  void enter() throws InterruptedException {
    connections.acquire();
  }

  void leave() {
    connections.release();
  }

  /** Waits until the next request may be sent. */
  void awaitTurn() throws InterruptedException {
    long turn;
    long now = ticker.getAsLong();
    synchronized (this) {
      turn = nextTurn - now > 0 ? nextTurn : now;
      nextTurn = turn + nanosBetween;
    }
    pause(Duration.ofNanos(turn - now));
  }

  /** How many bytes of a layer may be read before {@link #awaitBytes}. */
  int bytesAtOnce() {
    return bytesAtOnce;
  }

  /**
   * Waits until bytes that were read are within the rate, after all that were read before.
   *
   * @return for how long it waited
   */
  Duration awaitBytes(int count) throws InterruptedException {
    Duration wait = bytesTurn(count);
    if (wait.compareTo(WORTH_A_PAUSE) < 0) {
      return Duration.ZERO; // whoever reads next waits for it, too
    }
    pause(wait);
    return wait;
  }

  /** How long to wait for that; whoever asks first waits least. */
  Duration bytesTurn(int count) {
    if (bytesPerSecond.isEmpty()) {
      return Duration.ZERO;
    }
    long cost = (long) Math.ceil(count * NANOS / bytesPerSecond.getAsLong());
    long now = ticker.getAsLong();
    synchronized (this) {
      // What was not used while nobody read is lost, or there would be a burst.
      long earliest = now - LATENESS.toNanos();
      nextByte = (nextByte - earliest > 0 ? nextByte : earliest) + cost;
      return Duration.ofNanos(Math.max(0, nextByte - now));
    }
  }

  /** Sends nothing for some time. */
  synchronized void pauseAll(Duration pause) {
    long until = ticker.getAsLong() + pause.toNanos();
    if (until - nextTurn > 0) {
      nextTurn = until;
    }
  }

  /** Waits, and can be interrupted. */
  static void pause(Duration pause) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (pause.toNanos() > 0) {
      Thread.sleep(pause.toMillis(), pause.toNanosPart() % 1_000_000);
    }
  }
}
