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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        new Throttle(new Pace(8, Optional.of(new Rate(100, Duration.ofSeconds(1)))));
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
}
