package dev.imgcompat.core.registry;

import dev.imgcompat.core.registry.RegistrySettings.Pace;
import dev.imgcompat.core.registry.RegistrySettings.Rate;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Bounds what one registry is asked for at a time, by all threads together, and holds all of them
 * back while it wants to be left alone. Safe for use by several threads.
 */
final class Throttle {
  private final Semaphore connections;
  private final long nanosBetween;
  private long nextTurn = System.nanoTime();

  Throttle(Pace pace) {
    this.connections = new Semaphore(pace.connections(), true);
    this.nanosBetween = pace.requests().map(Throttle::nanosBetween).orElse(0L);
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
    long now = System.nanoTime();
    synchronized (this) {
      turn = nextTurn - now > 0 ? nextTurn : now;
      nextTurn = turn + nanosBetween;
    }
    pause(Duration.ofNanos(turn - now));
  }

  /** Sends nothing for some time. */
  synchronized void pauseAll(Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
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
