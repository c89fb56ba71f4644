package dev.imgcompat.core.registry;

import java.time.Duration;

/** A moment by which something must be done. Not affected by clocks that are set. */
final class Deadline {
  private final Duration allowed;
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

  Duration used() {
    return Duration.ofNanos(System.nanoTime() - start);
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
