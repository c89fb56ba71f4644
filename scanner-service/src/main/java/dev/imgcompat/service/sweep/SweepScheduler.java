package dev.imgcompat.service.sweep;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.service.scan.QueueFullException;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.store.SweepRecord.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Begins sweeps when their plans are due, and has those done that wait. A sweep goes on in one
 * process at a time; of one whose process died or was stopped another one takes over.
 */
final class SweepScheduler implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(SweepScheduler.class);

  private static final TaskDescriptor<Void> PLAN = TaskDescriptor.of("sweep-plan");

  private static final int MISSED_HEARTBEATS = 4;
  private static final int DEFECTS = 3;

  /** A plan that no replica has in its file is forgotten after a day. */
  private static final int TRIES_WITHOUT_PLAN = 24 * 60;

  private static final Duration PAUSE_WITHOUT_PLAN = Duration.ofMinutes(1);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

  /** For plans that are due, and to find out that there is no place for one more sweep. */
  private static final int MORE_THREADS = 2;

  /** Whoever is to run that soon is left alone: it may be picked just now. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Scheduler scheduler;
  private final SweepRunner runner;
  private final SweepQueue queue;
  private final Plans plans;
  private volatile boolean running;

  SweepScheduler(
      DataSource dataSource,
      boolean embedded,
      SweepRunner runner,
      SweepQueue queue,
      Plans plans,
      Settings settings) {
    this.runner = runner;
    this.queue = queue;
    this.plans = plans;
    Task<Void> sweeps =
        Tasks.custom(SweepQueue.TASK)
            .onDeadExecutionRevive()
            .onFailure(this::failed)
            .execute((instance, context) -> sweep(instance.getId()));
    Task<Void> due =
        Tasks.custom(PLAN)
            .onDeadExecutionRevive()
            .onFailure((complete, operations) -> later(complete, operations))
            .execute((instance, context) -> due(instance.getId()));
    var builder =
        Scheduler.create(dataSource, sweeps, due)
            .tableName(SweepQueue.TABLE)
            .threads(settings.sweeps().atOnce() + MORE_THREADS)
            .pollingInterval(settings.scans().poll())
            .heartbeatInterval(settings.scans().heartbeat())
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .shutdownMaxWait(settings.server().drain())
            .enableImmediateExecution()
            .enablePriority();
    if (!embedded) {
      // With several replicas, each takes what no other has.
      builder.pollUsingLockAndFetch(0.5, 1.0);
    }
    this.scheduler = builder.build();
  }

  private CompletionHandler<Void> sweep(String id) {
    Optional<Instant> next = runner.run(id);
    return (complete, operations) -> {
      if (next.isPresent()) {
        operations.reschedule(complete, next.get());
      } else {
        operations.remove();
      }
    };
  }

  /**
   * What the store does not allow is tried again, and does not count; what is a defect not for
   * ever.
   */
  private void failed(ExecutionComplete complete, ExecutionOperations<Void> operations) {
    String why = Printable.of(String.valueOf(complete.getCause().orElse(null)));
    if (complete.getCause().filter(c -> isOfStore(c)).isPresent()) {
      LOG.warn("a sweep waits for the store, and goes on later: {}", why);
      Instant done = complete.getTimeDone();
      later(
          ExecutionComplete.success(
              complete.getExecution(), done.minus(complete.getDuration()), done),
          operations);
      return;
    }
    if (complete.getExecution().consecutiveFailures + 1 >= DEFECTS) {
      LOG.error("a sweep is given up", complete.getCause().orElse(null));
      runner.giveUp(complete.getExecution().getId(), why);
      operations.remove();
      return;
    }
    LOG.warn("a sweep was broken off, and goes on later: {}", why);
    later(complete, operations);
  }

  private static boolean isOfStore(Throwable failure) {
    return failure instanceof StoreUnavailableException;
  }

  private static void later(ExecutionComplete complete, ExecutionOperations<Void> operations) {
    operations.reschedule(complete, complete.getTimeDone().plus(PAUSE_AFTER_FAILURE));
  }

  private CompletionHandler<Void> due(String name) {
    Optional<CronSchedule> schedule = plans.schedule(name);
    if (schedule.isEmpty()) {
      return SweepScheduler::leave;
    }
    try {
      queue.add(plans.plan(name).orElseThrow(), Cause.SCHEDULE);
    } catch (ActiveSweepException e) {
      LOG.info("sweep {} is due, but skipped: {}", name, e.getMessage());
    } catch (QueueFullException e) {
      LOG.warn("sweep {} is due, but skipped: {}", name, e.getMessage());
    }
    return (complete, operations) ->
        operations.reschedule(complete, schedule.get().getNextExecutionTime(complete));
  }

  /**
   * Leaves a plan that is not in the file here to a replica that has it in its own, as one of a
   * newer version may. What nobody took in so many tries counts as taken out of the file.
   */
  private static void leave(ExecutionComplete complete, ExecutionOperations<Void> operations) {
    if (complete.getExecution().consecutiveFailures >= TRIES_WITHOUT_PLAN) {
      operations.remove();
      return;
    }
    // Counted as a failure: a replica that has the plan begins the count anew.
    Instant done = complete.getTimeDone();
    operations.reschedule(
        ExecutionComplete.failure(
            complete.getExecution(),
            done.minus(complete.getDuration()),
            done,
            new IllegalStateException("no such plan here")),
        done.plus(PAUSE_WITHOUT_PLAN));
  }

  /** When a plan is due next. */
  Optional<Instant> due(String name, Instant now) {
    return plans
        .schedule(name)
        .map(
            schedule ->
                scheduler
                    .getScheduledExecution(PLAN.instanceId(name))
                    .map(ScheduledExecution::getExecutionTime)
                    .orElseGet(() -> schedule.getInitialExecutionTime(now)));
  }

  /** A plan that was due while nobody was there is swept once; another schedule holds at once. */
  private void schedule(String name, CronSchedule schedule) {
    Instant now = Instant.now();
    Instant next = schedule.getInitialExecutionTime(now);
    if (scheduler.scheduleIfNotExists(PLAN.instance(name).build(), next)) {
      return;
    }
    scheduler
        .getScheduledExecution(PLAN.instanceId(name))
        .filter(known -> !known.isPicked())
        .map(ScheduledExecution::getExecutionTime)
        .filter(time -> time.isAfter(now.plus(SOON)) && !time.equals(next))
        .ifPresent(time -> scheduler.reschedule(PLAN.instanceId(name), next));
  }

  /** Looks at the queue now. */
  void wake() {
    if (running) {
      scheduler.triggerCheckForDueExecutions();
    }
  }

  @Override
  public void start() {
    plans.names().forEach(n -> plans.schedule(n).ifPresent(s -> schedule(n, s)));
    scheduler.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    runner.stop();
    scheduler.stop();
  }

  @Override
  public void stop(Runnable callback) {
    Thread waiting =
        new Thread(
            () -> {
              try {
                stop();
              } finally {
                callback.run();
              }
            },
            "sweep-drain");
    waiting.start();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
  }
}
