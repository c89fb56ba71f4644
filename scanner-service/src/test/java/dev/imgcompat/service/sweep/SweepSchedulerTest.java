package dev.imgcompat.service.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.imgcompat.service.reach.AllowList;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.settings.SettingsLoader;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class SweepSchedulerTest {
  private static final TaskDescriptor<Void> PLAN = TaskDescriptor.of("sweep-plan");

  @TempDir private Path directory;
  private JdbcStore store;
  private JdbcClient client;
  private SchedulerClient others;
  private RunningSweeps running;
  private SweepScheduler scheduler;

  /** A row of the table of tasks. */
  private record Turn(Instant time, int failures) {}

  /**
   * A replica that has no plans in its file, and whose store fails it when sweeps are looked at.
   */
  @BeforeEach
  void open() {
    Settings settings =
        SettingsLoader.load(Map.of("scans.poll", "100ms"), Map.of(), Optional.empty());
    store = JdbcStore.open(settings.store(), directory);
    client = JdbcClient.create(store.dataSource());
    others =
        SchedulerClient.Builder.create(store.dataSource(), List.of())
            .tableName(SweepQueue.TABLE)
            .enablePriority()
            .build();
    PlanCheck check = new PlanCheck(new AllowList(List.of("r.example"), List.of()));
    running = new RunningSweeps(store);
    SweepRunner runner =
        new SweepRunner(
            failing(),
            null,
            running,
            new SweepWatches(List.of()),
            check,
            plan -> {},
            1,
            Clock.systemUTC());
    scheduler =
        new SweepScheduler(
            store.dataSource(),
            true,
            runner,
            new SweepQueue(store, 5, Clock.systemUTC()),
            Plans.read(null, check),
            settings);
  }

  private static Store failing() {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              throw new StoreUnavailableException("the store is down", new IllegalStateException());
            });
  }

  @AfterEach
  void close() {
    scheduler.stop();
    running.close();
    store.close();
  }

  private void due(TaskDescriptor<Void> task, int failures) {
    others.scheduleIfNotExists(task.instance("nightly").build(), Instant.now());
    client.sql("UPDATE sweep_tasks SET consecutive_failures = ?").param(failures).update();
    scheduler.start();
  }

  private List<Turn> turns() {
    return client
        .sql("SELECT execution_time, consecutive_failures FROM sweep_tasks WHERE picked = FALSE")
        .query(
            (row, number) ->
                new Turn(
                    row.getTimestamp("execution_time").toInstant(),
                    row.getInt("consecutive_failures")))
        .list();
  }

  private Turn later() {
    return Awaitility.await()
        .until(
            () -> turns().stream().filter(t -> t.time().isAfter(Instant.now())).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void aPlanThatOnlyAnotherReplicaHasIsLeftToThatOne() {
    due(PLAN, 3);
    assertThat(later().failures()).isEqualTo(4);
  }

  @Test
  void aPlanThatNoReplicaHasForADayIsForgotten() {
    due(PLAN, 24 * 60);
    Awaitility.await()
        .until(
            () -> client.sql("SELECT count(*) FROM sweep_tasks").query(Long.class).single() == 0);
  }

  @Test
  void aSweepIsNotGivenUpBecauseTheStoreFails() {
    due(SweepQueue.TASK, 2);
    assertThat(later().failures()).isZero();
  }
}
