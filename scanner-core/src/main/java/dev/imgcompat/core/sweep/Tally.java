package dev.imgcompat.core.sweep;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a sweep does. Safe for use by several threads. */
final class Tally implements Inspector.Pulls {
  private final Instant startedAt;
  private final OptionalLong expected;
  private final LongAdder listed = new LongAdder();
  private final LongAdder resumed = new LongAdder();
  private final LongAdder unchanged = new LongAdder();
  private final LongAdder known = new LongAdder();
  private final LongAdder scanned = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder pulled = new LongAdder();
  private final LongAdder shared = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private volatile boolean listing = true;

  Tally(Instant startedAt, OptionalLong expected) {
    this.startedAt = startedAt;
    this.expected = expected;
  }

  void found() {
    listed.increment();
  }

  /** It had been found before. */
  void foundTwice() {
    listed.decrement();
  }

  void listedAll() {
    listing = false;
  }

  void done(How how) {
    switch (how) {
      case RESUMED -> resumed.increment();
      case UNCHANGED -> unchanged.increment();
      case KNOWN -> known.increment();
      case SCANNED -> scanned.increment();
      case FAILED -> failed.increment();
    }
  }

  /** How a tag was dealt with. */
  enum How {
    RESUMED,
    UNCHANGED,
    KNOWN,
    SCANNED,
    FAILED
  }

  @Override
  public void layer(boolean wasPulled) {
    (wasPulled ? pulled : shared).increment();
  }

  @Override
  public void bytes(long count) {
    bytes.add(count);
  }

  SweepProgress progress(Map<String, String> waiting) {
    return new SweepProgress(
        startedAt,
        listed.sum(),
        listing,
        expected,
        resumed.sum(),
        unchanged.sum(),
        known.sum(),
        scanned.sum(),
        failed.sum(),
        pulled.sum(),
        shared.sum(),
        bytes.sum(),
        waiting);
  }
}
