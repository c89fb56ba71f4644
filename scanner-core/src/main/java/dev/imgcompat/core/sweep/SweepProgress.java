package dev.imgcompat.core.sweep;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How far a sweep is.
 *
 * @param startedAt when it was begun, or begun again
 * @param listed tags that are to be looked at, as far as is known
 * @param listing whether there may be more
 * @param expected how many there will be, where the sweep before tells
 * @param resumed of the listed ones, those that were dealt with before it was begun again
 * @param unchanged those that one question showed to be what they were
 * @param known those with an image that is known from another tag
 * @param scanned those that were scanned
 * @param failed those that could not be looked at
 * @param pulled layers that were pulled
 * @param shared layers that were needed and known already
 * @param bytes of layers that were pulled
 * @param waiting why nothing goes on just now, by registry; or of the whole sweep under {@code ""}
 */
public record SweepProgress(
    Instant startedAt,
    long listed,
    boolean listing,
    OptionalLong expected,
    long resumed,
    long unchanged,
    long known,
    long scanned,
    long failed,
    long pulled,
    long shared,
    long bytes,
    Map<String, String> waiting) {
  public SweepProgress {
    waiting = Map.copyOf(waiting);
  }

  /** How many are dealt with. */
  public long done() {
    return resumed + unchanged + known + scanned + failed;
  }
}
