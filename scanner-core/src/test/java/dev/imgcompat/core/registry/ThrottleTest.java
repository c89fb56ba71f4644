package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.ok;
import static dev.imgcompat.core.testing.Faults.holding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.registry.RegistrySettings.Pace;
import dev.imgcompat.core.registry.RegistrySettings.Rate;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.io.ByteArrayInputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ThrottleTest {
  @Test
  void aRegistryGetsNoMoreConnectionsThanItMayHave() throws Exception {
    Pulling pulling = new Pulling();
    CountDownLatch gate = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    try (FaultyRegistry registry = pulling.into(new FaultyRegistry());
        HttpRegistryClient client =
            pulling.client(new SettingsBuilder().connections(3), CredentialSource.ANONYMOUS)) {
      InRegistry image = (InRegistry) ImageReference.parse(registry.name() + "/team/it:1");
      client.manifest(image, "1"); // so that it is known where the registry is
      registry.forgetRequests();
      registry.on(pulling.manifestPath()).always(holding(gate, ok()));
      List<Future<?>> asking = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        asking.add(threads.submit(() -> client.manifest(image, "1")));
      }
      registry.awaitRequests(pulling.manifestPath(), 3);
      assertThat(registry.requests(pulling.manifestPath())).hasSize(3);
      assertThat(registry.openConnections()).isLessThanOrEqualTo(3);

      gate.countDown();
      for (Future<?> one : asking) {
        one.get();
      }
      assertThat(registry.requests(pulling.manifestPath())).hasSize(10);
      assertThat(registry.connections()).isLessThanOrEqualTo(3);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void requestsAreSpreadOverTime() throws Exception {
    Throttle throttle =
        new Throttle(
            new Pace(8, Optional.of(new Rate(100, Duration.ofSeconds(1))), OptionalLong.empty()));
    long start = System.nanoTime();
    for (int i = 0; i < 21; i++) {
      throttle.awaitTurn();
    }

    // At least; a slow machine makes it only longer.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(199));
  }

  @Test
  void allWaitWhenOneIsToldTo() throws Exception {
    Throttle throttle = new Throttle(Pace.DEFAULT);
    long start = System.nanoTime();
    throttle.pauseAll(Duration.ofMillis(100));
    throttle.awaitTurn();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(99));
  }

  @Test
  void waitingCanBeInterrupted() {
    Throttle throttle = new Throttle(Pace.DEFAULT);
    throttle.pauseAll(Duration.ofHours(1));
    Thread.currentThread().interrupt();

    assertThatThrownBy(throttle::awaitTurn).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  private static Pace bytes(int connections, long perSecond) {
    return new Pace(connections, Optional.empty(), OptionalLong.of(perSecond));
  }

  @Test
  void bytesOfAllConnectionsTogetherKeepTheRate() {
    AtomicLong now = new AtomicLong(-5);
    Throttle throttle = new Throttle(bytes(4, 1_000_000), now::get);
    long read = 0;
    for (int i = 0; i < 1000; i++) {
      int part = 1 + (i * 7919) % throttle.bytesAtOnce();
      read += part;
      // Whoever reads waits for as long as it is told to, now and then a little longer.
      now.addAndGet(throttle.bytesTurn(part).toNanos() + (i % 3) * 1_000_000L);
      assertThat(read).isLessThanOrEqualTo((now.get() + 5) / 1000 + 50_000 + 1);
    }
    assertThat(read).isGreaterThan((now.get() + 5) / 1000 * 99 / 100);
  }

  @Test
  void whoeverReadsAtTheSameTimeWaitsOneAfterTheOther() {
    Throttle throttle = new Throttle(bytes(4, 1000), () -> 0);

    assertThat(throttle.bytesTurn(250)).isEqualTo(Duration.ofMillis(250));
    assertThat(throttle.bytesTurn(250)).isEqualTo(Duration.ofMillis(500));
    assertThat(throttle.bytesTurn(10)).isEqualTo(Duration.ofMillis(510));
  }

  @Test
  void pauseOfAllGivesNoBurstOfBytes() {
    AtomicLong now = new AtomicLong();
    Throttle throttle = new Throttle(bytes(1, 1000), now::get);
    now.addAndGet(Duration.ofHours(1).toNanos());

    assertThat(throttle.bytesTurn(1000)).isEqualTo(Duration.ofMillis(950));
  }

  @Test
  void connectionsReadNoMoreAtOnceThanOneSecondsWorth() {
    assertThat(new Throttle(bytes(8, 1024)).bytesAtOnce()).isEqualTo(128);
    assertThat(new Throttle(bytes(64, 1)).bytesAtOnce()).isEqualTo(1);
    assertThat(new Throttle(bytes(1, 1L << 40)).bytesAtOnce()).isEqualTo(Integer.MAX_VALUE);
    assertThat(new Throttle(Pace.DEFAULT).bytesTurn(Integer.MAX_VALUE)).isZero();
  }

  @Test
  void waitingForBytesCanBeInterrupted() throws Exception {
    Throttle throttle = new Throttle(bytes(1, 1));
    byte[] buffer = new byte[10];
    Deadline deadline = Deadline.in(Duration.ofMinutes(1));
    try (PacedStream slow =
        new PacedStream(new ByteArrayInputStream(new byte[100]), throttle, deadline)) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> slow.read(buffer, 0, 10)).isInstanceOf(InterruptedIOException.class);
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void allOfALayerIsReadAtItsRate() throws Exception {
    Pulling pulling = new Pulling();
    long start = System.nanoTime();
    try (FaultyRegistry registry = pulling.into(new FaultyRegistry())) {
      assertThat(pulling.scan(registry, new SettingsBuilder().byteRate(16 << 20)).error())
          .isEmpty();
    }
    // At least; a slow machine makes it only longer.
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThan(Duration.ofMillis(pulling.layerSize() * 1000L / (16 << 20) - 60));
  }

  @Test
  void waitingForBytesIsNotHeldAgainstTheRegistry() throws Exception {
    long start = System.nanoTime();
    Deadline deadline = Deadline.in(Duration.ofMinutes(1));
    Throttle throttle = new Throttle(bytes(1, 1000));
    try (PacedStream slow =
        new PacedStream(new ByteArrayInputStream(new byte[100]), throttle, deadline)) {
      assertThat(slow.readAllBytes()).hasSize(100);
    }

    // It waits for at least 50 ms of the 100: the clock of the throttle may have been a bit ahead.
    Duration used = deadline.used();
    assertThat(used)
        .isLessThan(Duration.ofNanos(System.nanoTime() - start).minus(Duration.ofMillis(50)));
  }

  @Test
  void deadlineForgivesWhatWasWaitedByChoice() {
    Deadline deadline = Deadline.in(Duration.ofNanos(1));
    assertThat(deadline.hasPassed()).isTrue();

    deadline.forgive(Duration.ofHours(1));
    assertThat(deadline.hasPassed()).isFalse();
  }
}
