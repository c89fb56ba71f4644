package dev.imgcompat.service.store;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import java.time.Instant;
import java.util.Optional;

/**
 * One run of a sweep. All times are whole milliseconds.
 *
 * @param id 32 characters of hexadecimal
 * @param plan its name
 * @param run its number, from 1 for each plan
 * @param cause why it is done
 * @param publishing when lists get what it finds
 * @param state how far it is
 * @param cancelled whether somebody ended it, or is about to
 * @param requestedAt when it was asked for
 * @param begunAt when it was begun first
 * @param finishedAt when it ended
 * @param definition the plan as JSON
 * @param progress the last one that was kept
 * @param summary what it came to
 * @param error why it failed, in one line
 */
public record SweepRecord(
    String id,
    String plan,
    long run,
    Cause cause,
    Publishing publishing,
    State state,
    boolean cancelled,
    Instant requestedAt,
    Optional<Instant> begunAt,
    Optional<Instant> finishedAt,
    String definition,
    Optional<SweepProgress> progress,
    Optional<SweepSummary> summary,
    Optional<String> error) {
  public SweepRecord {
    requireNonNull(id, "id is null");
    requireNonNull(plan, "plan is null");
  }

  /** A new one, which waits for its turn. */
  public static SweepRecord queued(
      String id,
      String plan,
      long run,
      Cause cause,
      Publishing publishing,
      Instant at,
      String definition) {
    return new SweepRecord(
        id,
        plan,
        run,
        cause,
        publishing,
        State.QUEUED,
        false,
        at,
        Optional.empty(),
        Optional.empty(),
        definition,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Why a sweep is done. */
  public enum Cause {
    /** Its plan's schedule says so. */
    SCHEDULE,
    /** Somebody asked for it. */
    REQUEST
  }

  /** How far a sweep is. */
  public enum State {
    /** It waits for a process that does it, or goes on with it. */
    QUEUED,
    /** It is being done. */
    RUNNING,
    /** Somebody holds it up. */
    PAUSED,
    /** It is done. */
    DONE,
    /** It could not be done. */
    FAILED,
    /** Somebody ended it. */
    CANCELLED;

    /** Whether there is still something to come. */
    public boolean isActive() {
      return this == QUEUED || this == RUNNING || this == PAUSED;
    }
  }
}
