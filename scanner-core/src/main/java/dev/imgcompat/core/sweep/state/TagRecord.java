package dev.imgcompat.core.sweep.state;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What sweeps know of one tag. Times are whole milliseconds.
 *
 * @param reference in full
 * @param run number of the sweep that dealt with it last
 * @param lookedAt when that was
 * @param digest of the manifest or the index that it names
 * @param basis by what {@code outcomes} were found: analyzers, rules, policy, runtimes, platforms
 * @param outcomes one for each image; what was known before {@code failure} stays known
 * @param failure why the last look failed
 * @param brokenSince when it was last read in vain, if the reason lies in the image itself
 * @param goneSince when the registry was found not to have it any more
 * @param history oldest first; at most {@link #MAX_HISTORY}
 */
public record TagRecord(
    String reference,
    long run,
    Instant lookedAt,
    Optional<Digest> digest,
    String basis,
    List<TagOutcome> outcomes,
    Optional<ScanError> failure,
    Optional<Instant> brokenSince,
    Optional<Instant> goneSince,
    List<TagChange> history) {
  /** How many changes are kept. */
  public static final int MAX_HISTORY = 100;

  public TagRecord {
    requireNonNull(reference, "reference is null");
    requireNonNull(lookedAt, "lookedAt is null");
    outcomes = List.copyOf(outcomes);
    history = List.copyOf(history);
  }

  /**
   * The decision on the tag for a runtime as far as the last look tells: of several platforms the
   * worst, UNKNOWN if it failed as a whole.
   */
  public Decision decision(String runtime) {
    // Outcomes without a failure were there before the look that failed.
    boolean failed = failure.isPresent() && outcomes.stream().noneMatch(o -> o.error().isPresent());
    return failed
        ? Decision.UNKNOWN
        : TagOutcome.decisions(outcomes).getOrDefault(runtime, Decision.UNKNOWN);
  }
}
