package dev.imgcompat.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.GeneratedImages.Tag;
import dev.imgcompat.service.testing.Postgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps with PostgreSQL, which several replicas share. */
class PostgresSweepIT extends SweepScenario {
  private Postgres postgres;

  @Override
  Map<String, String> store() {
    postgres = new Postgres();
    return Map.of(
        "store.url", postgres.url(),
        "store.username", postgres.username(),
        "store.password", postgres.password());
  }

  @AfterAll
  void stopPostgres() {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  @Order(10)
  void oneReplicaDoesASweepAndEachHearsWhatIsWantedOfIt(@TempDir Path directory) throws Exception {
    images().serveAt(fake());
    List<Tag> some = images().tags().subList(30, 60);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    fake()
        .answer(
            manifest(some.get(15)),
            exchange -> {
              asked.countDown();
              open(goOn);
              fake().ok(exchange);
            });
    Map<String, String> settings = new TreeMap<>();
    settings.put("store.url", postgres.url());
    settings.put("store.username", postgres.username());
    settings.put("store.password", postgres.password());
    settings.put("registries.allowed", fake().name());
    fake().forgetRequests();
    try (ServiceUnderTest other = ServiceUnderTest.start(directory, settings)) {
      String sweep = order(fakes("shared", some));
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(other.order(sweep + "/pause", "").statusCode()).isEqualTo(200);
      awaitPaused(sweep);
      goOn.countDown();
      assertThat(other.order(sweep + "/resume", "").statusCode()).isEqualTo(200);
      awaitState(sweep, "DONE");
      assertThat(tags(sweep)).hasSize(30);
      assertThat(ServiceUnderTest.json(other.get(sweep)).path("state").asString())
          .isEqualTo("DONE");
    }
    for (Tag tag : some) {
      assertThat(fake().allRequests()).containsOnlyOnce("HEAD " + manifest(tag));
    }
  }
}
