package dev.imgcompat.service.scan;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.imgcompat.service.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Works the queue off. It stops when requests do: scans that were begun may end, the others wait
 * for the next process.
 */
public final class ScanScheduler implements SmartLifecycle {
  private static final int MISSED_HEARTBEATS = 4;

  /** After the store has failed in mid-scan. */
  private static final Duration PAUSE_AFTER_DEFECT = Duration.ofSeconds(10);

  private final Scheduler scheduler;
  private volatile boolean running;

  ScanScheduler(DataSource dataSource, boolean embedded, ScanWorker worker, Settings settings) {
    Settings.Scans scans = settings.scans();
    Task<Void> task =
        Tasks.custom(ScanQueue.TASK)
            .onDeadExecutionRevive()
            .onFailure(ScanScheduler::later)
            .execute((instance, context) -> done(worker, instance.getId()));
    var builder =
        Scheduler.create(dataSource, task)
            .threads(scans.workers())
            .pollingInterval(scans.poll())
            .heartbeatInterval(scans.heartbeat())
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

  /** Looks at the queue now. */
  void wake() {
    if (running) {
      scheduler.triggerCheckForDueExecutions();
    }
  }

  private static CompletionHandler<Void> done(ScanWorker worker, String id) {
    Optional<Instant> again;
    try {
      again = worker.work(id);
    } catch (InterruptedException e) {
      // The process ends. The scan's turn is still to be stored, which an interrupted thread cannot
      // do.
      again = Optional.of(Instant.now());
    }
    Optional<Instant> next = again;
    return (complete, operations) -> {
      if (next.isPresent()) {
        operations.reschedule(complete, next.get());
      } else {
        operations.remove();
      }
    };
  }

  private static void later(ExecutionComplete complete, ExecutionOperations<Void> operations) {
    operations.reschedule(complete, complete.getTimeDone().plus(PAUSE_AFTER_DEFECT));
  }

  /** Whether it looks after the queue. */
  public boolean isWorking() {
    return running && scheduler.getSchedulerState().isStarted();
  }

  @Override
  public void start() {
    scheduler.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    scheduler.stop();
  }

  /** Waits for scans while requests are waited for. */
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
            "scan-drain");
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
