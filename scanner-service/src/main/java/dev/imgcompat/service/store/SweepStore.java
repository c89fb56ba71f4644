package dev.imgcompat.service.store;

import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.service.store.SweepRecord.Cause;
import dev.imgcompat.service.store.SweepRecord.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps runs of sweeps. Of one plan at most one is active at a time, and at most one worker has it:
 * what another one says is not heard.
 */
public interface SweepStore {
  /**
   * Keeps a new run, with the next number of its plan, unless one of the plan is active.
   *
   * @return the run, if it was kept
   */
  Optional<SweepRecord> add(
      String id, String plan, Cause cause, Publishing publishing, Instant at, String definition);

  /** A run. */
  Optional<SweepRecord> sweep(String id);

  /** The active run of a plan. */
  Optional<SweepRecord> active(String plan);

  /** The newest run of a plan. */
  Optional<SweepRecord> newest(String plan);

  /** Runs that meet a query, newest first. */
  List<SweepRecord> find(SweepQuery query);

  /** How many runs are active. */
  long countActive();

  /**
   * Gives an active run to a worker, from whoever had it; one that is not held up is running then.
   *
   * @return the run; empty if it has ended
   */
  Optional<SweepRecord> begin(String id, String worker, Instant at);

  /**
   * Keeps how far a run is, and that it is being done unless somebody holds it up.
   *
   * @return the run as it is; empty if it has ended or is another worker's
   */
  Optional<SweepRecord> progress(String id, String worker, SweepProgress progress);

  /** Gives a run back, for any worker to go on with. */
  void release(String id, String worker);

  /**
   * Ends a run.
   *
   * @param state in which it is then
   * @param summary what it came to
   * @param error why it failed
   * @return whether it did: otherwise it has ended before, or is another worker's
   */
  boolean end(
      String id,
      String worker,
      State state,
      Optional<SweepSummary> summary,
      Optional<String> error,
      Instant at);

  /**
   * Holds a run up.
   *
   * @return whether it is held up
   */
  boolean pause(String id);

  /**
   * Lets a run go on that is held up.
   *
   * @return whether it is not held up any more, and active
   */
  boolean resume(String id);

  /**
   * Ends a run: at once if no worker has it, otherwise as soon as that one hears of it.
   *
   * @return whether it is about to end, or has ended so
   */
  boolean cancel(String id, Instant at);

  /** By plan, what of its findings lists may not have; plans that are not in it have nothing. */
  Map<String, Hold> holds();

  /**
   * Lets lists have all that the sweeps of a plan found, if the newest of them ended before a time.
   *
   * @return whether anything was held
   */
  boolean endHold(String plan, Instant before);

  /** Forgets all but the newest runs of each plan, and that by which {@link #holds} goes. */
  int forgetOld(int keep);

  /** Names of all plans of which runs are kept. */
  List<String> plans();

  /**
   * Forgets a plan with all it knows of tags, if its newest run was asked for before a time and has
   * ended.
   */
  void forgetPlan(String plan, Instant before);

  /** What lists may not have of what a plan's sweeps found. */
  enum Hold {
    /** Nothing: they stay as they were. */
    ALL,
    /** What takes an entry off, as long as the sweep is active. */
    REMOVALS,
    /** What takes an entry off, until another sweep confirms it: this one was not whole. */
    UNCONFIRMED
  }
}
