package dev.imgcompat.core.registry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A moment by which something must be done. Not affected by clocks that are set. Safe for use by
 * several threads.
 */
final class Deadline {
  private final Duration allowed;
  private final AtomicLong forgiven = new AtomicLong();
  private final long start = System.nanoTime();

  private Deadline(Duration allowed) {
    this.allowed = allowed;
  }

  static Deadline in(Duration allowed) {
    return new Deadline(allowed);
  }

  /** How long there was at the beginning. */
  Duration allowed() {
    return allowed;
  }

  /** Time that was spent, but for what was forgiven. */
  Duration used() {
    return Duration.ofNanos(System.nanoTime() - start - forgiven.get());
  }

  /** Does not count some time that we chose to wait. */
  void forgive(Duration waited) {
    forgiven.addAndGet(waited.toNanos());
  }

  /** What is left; zero where nothing is. */
  Duration left() {
    Duration left = allowed.minus(used());
    return left.isNegative() ? Duration.ZERO : left;
  }

  boolean hasPassed() {
    return left().isZero();
  }
}
