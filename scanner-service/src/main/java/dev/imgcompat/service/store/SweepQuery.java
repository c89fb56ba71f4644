package dev.imgcompat.service.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Which runs of sweeps to list.
 *
 * @param plan only those of one
 * @param state only those in one
 * @param after only those that come after this one: that are older
 * @param limit at most so many
 */
public record SweepQuery(
    Optional<String> plan, Optional<SweepRecord.State> state, Optional<Place> after, int limit) {
  /** Where a run is in the order of all. */
  public record Place(Instant requestedAt, String id) {}
}
