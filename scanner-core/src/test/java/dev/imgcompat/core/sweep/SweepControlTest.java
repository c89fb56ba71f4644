package dev.imgcompat.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.plan.QuietHours;
import dev.imgcompat.core.sweep.state.FileSweepState;
import dev.imgcompat.core.verdict.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepControlTest {
  private static final long PATIENCE = 30;

  @TempDir private Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private FileSweepState state;
  private SweepCase sweep;

  @BeforeEach
  void open() throws Exception {
    state = FileSweepState.open(directory.resolve("state"));
    sweep = new SweepCase(state);
    for (int i = 0; i < 20; i++) {
      String reference = "registry.example/app:" + i;
      sweep.images.tag(reference, "image " + i, Decision.COMPATIBLE);
      sweep.list(reference);
    }
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    state.close();
  }

  @Test
  void aPausedSweepBeginsNothingUntilItGoesOn() throws Exception {
    Sweeper sweeper = sweep.sweeper(1);
    CountDownLatch paused = new CountDownLatch(1);
    sweep.images.before =
        reference -> {
          sweeper.control().pause();
          paused.countDown();
        };
    Future<SweepSummary> running = threads.submit(sweeper::run);
    assertThat(paused.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
    sweep.images.before = reference -> {};

    assertThat(sweeper.control().isPaused()).isTrue();
    assertThat(sweeper.progress().waiting()).containsEntry("", "paused");
    // Those that had begun end; the others wait.
    assertThat(sweep.images.asked.size()).isLessThanOrEqualTo(sweep.pace.concurrency());
    assertThat(running.isDone()).isFalse();

    sweeper.control().resume();

    assertThat(running.get(PATIENCE, TimeUnit.SECONDS).end()).isEqualTo(End.COMPLETE);
    assertThat(sweep.images.asked).hasSize(20);
  }

  @Test
  void aPausedSweepCanBeEnded() throws Exception {
    Sweeper sweeper = sweep.sweeper(1);
    sweeper.control().pause();
    Future<SweepSummary> running = threads.submit(sweeper::run);

    sweeper.control().cancel();

    assertThat(running.get(PATIENCE, TimeUnit.SECONDS).end()).isEqualTo(End.CANCELLED);
    assertThat(sweep.images.asked).isEmpty();
  }

  @Test
  void nothingIsAskedInQuietHours() throws Exception {
    // It is three o'clock.
    sweep.quietHours =
        new QuietHours(ZoneOffset.UTC, List.of(QuietHours.Window.parse("02:00-04:00")));
    List<Instant> times = Collections.synchronizedList(new ArrayList<>());
    sweep.images.before = reference -> times.add(sweep.clock.instant());
    Sweeper sweeper = sweep.sweeper(1);
    Future<SweepSummary> running = threads.submit(sweeper::run);

    assertThat(sweeper.progress().waiting().get(""))
        .startsWith("quiet hours until 2026-03-02T04:00");
    sweep.clock.advance(Duration.ofHours(1));

    assertThat(running.get(PATIENCE, TimeUnit.SECONDS).end()).isEqualTo(End.COMPLETE);
    assertThat(times)
        .hasSize(20)
        .allMatch(time -> !time.isBefore(Instant.parse("2026-03-02T04:00:00Z")));
  }

  @Test
  void status429SlowsTheSweepDown() throws Exception {
    sweep.pace = SweepCase.pace(8);
    SweepPacing pacing = new SweepPacing(sweep.pace, RegistryListener.NONE, sweep.clock);
    pacing.limited("registry.example");
    sweep.clock.advance(Duration.ofSeconds(10));
    pacing.limited("registry.example");
    sweep.clock.advance(Duration.ofSeconds(10));
    pacing.limited("registry.example");
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    sweep.images.before =
        reference -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          atOnce.decrementAndGet();
        };

    sweep.sweeper(1, pacing, sweep.clock).run();

    assertThat(most.get()).isEqualTo(1);
    assertThat(sweep.images.asked).hasSize(20);
  }
}
