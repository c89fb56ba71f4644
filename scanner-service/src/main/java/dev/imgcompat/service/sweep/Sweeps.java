package dev.imgcompat.service.sweep;

import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.service.scan.QueueFullException;
import dev.imgcompat.service.store.SweepQuery;
import dev.imgcompat.service.store.SweepRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sweeps of registries. Safe for use by several threads. */
public interface Sweeps {
  /**
   * Queues a sweep of a plan of the operator's file: once this returns it will be done, whatever
   * becomes of this process.
   *
   * @throws InvalidPlanException if there is no such plan
   * @throws ActiveSweepException if one of it is active
   * @throws QueueFullException if too many are
   */
  SweepRecord order(String plan)
      throws InvalidPlanException, ActiveSweepException, QueueFullException;

  /**
   * The same of a plan that came with a request.
   *
   * @throws InvalidPlanException if it names a registry that may not be asked, a file, or itself
   *     like a plan of the operator's file
   */
  SweepRecord order(SweepPlan plan)
      throws InvalidPlanException, ActiveSweepException, QueueFullException;

  /** A sweep. */
  Optional<SweepRecord> find(String id);

  /** Sweeps, newest first. */
  List<SweepRecord> find(SweepQuery query);

  /** Whether a sweep is the newest of its plan. */
  boolean isNewest(SweepRecord sweep);

  /**
   * Holds a sweep up; what was begun is finished.
   *
   * @return whether it is active
   */
  boolean pause(String id);

  /**
   * Lets a sweep go on.
   *
   * @return whether it is active
   */
  boolean resume(String id);

  /**
   * Ends a sweep.
   *
   * @return whether it was active
   */
  boolean cancel(String id);

  /**
   * What is known of tags, in the order of their references.
   *
   * @param after where to go on; empty for the beginning
   */
  List<TagRecord> tags(String plan, Optional<String> after, int limit);

  /** The plans of the operator's file. */
  List<PlanView> plans();

  /**
   * A plan of the operator's file.
   *
   * @param next when it is due
   * @param last its newest run
   */
  record PlanView(SweepPlan plan, Optional<Instant> next, Optional<SweepRecord> last) {}
}
