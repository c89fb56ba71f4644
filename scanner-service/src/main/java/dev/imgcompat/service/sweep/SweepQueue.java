package dev.imgcompat.service.sweep;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import dev.imgcompat.service.scan.QueueFullException;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.Cause;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The durable queue of sweeps: a run and its turn are stored together. Safe for use by several
 * threads, and by several replicas.
 */
final class SweepQueue {
  /** The task under which turns are stored. */
  static final TaskDescriptor<Void> TASK = TaskDescriptor.of("sweep");

  /** Not that of scans: each scheduler would take the other's tasks for mistakes. */
  static final String TABLE = "sweep_tasks";

  private static final Duration FULL = Duration.ofMinutes(1);
  private static final int ID_BYTES = 16;

  private final JdbcStore store;
  private final SchedulerClient scheduler;
  private final int most;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  SweepQueue(JdbcStore store, int most, Clock clock) {
    this.store = store;
    this.scheduler =
        SchedulerClient.Builder.create(store.dataSource(), List.of())
            .tableName(TABLE)
            .enablePriority()
            .build();
    this.most = most;
    this.clock = clock;
  }

  /**
   * Queues a sweep.
   *
   * @throws ActiveSweepException if one of the plan is active
   * @throws QueueFullException if too many are
   */
  SweepRecord add(SweepPlan plan, Cause cause) throws ActiveSweepException, QueueFullException {
    Optional<SweepRecord> active = store.sweeps().active(plan.name());
    if (active.isPresent()) {
      throw new ActiveSweepException(plan.name(), active.get().id());
    }
    long waiting = store.sweeps().countActive();
    if (waiting >= most) {
      throw new QueueFullException(waiting, "sweeps", FULL);
    }
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    String definition = new String(SweepPlanFile.json(plan), StandardCharsets.UTF_8);
    Optional<SweepRecord> added =
        store.inTransaction(
            () -> {
              Optional<SweepRecord> run =
                  store.sweeps().add(id, plan.name(), cause, plan.publishing(), now, definition);
              if (run.isPresent()) {
                scheduler.scheduleIfNotExists(TASK.instance(id).build(), now);
              }
              return run;
            });
    if (added.isEmpty()) {
      String other = store.sweeps().active(plan.name()).map(SweepRecord::id).orElse("");
      throw new ActiveSweepException(plan.name(), other);
    }
    return added.get();
  }
}
