package dev.imgcompat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.imgcompat.service.testing.Postgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** With PostgreSQL, which may be down, and which several replicas share. */
class PostgresServiceIT extends BuildStartScenario {
  private static final int ASKERS = 4;

  private Postgres postgres;

  @Override
  Map<String, String> store() {
    postgres = new Postgres();
    return Map.of(
        "store.url", postgres.url(),
        "store.username", postgres.username(),
        "store.password", postgres.password(),
        "store.timeout", "1s");
  }

  @AfterAll
  void stopPostgres() {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void knownImagesAreAnsweredUnderLoadWhileTheStoreIsDownAndAfterwards() throws Exception {
    String repository = pushed();
    assertThat(awaitDecision(repository + ":32-bit")).isEqualTo("EXCLUDED");
    long revision = service().verdict(repository + ":32-bit").path("listRevision").asLong();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger asked = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(ASKERS);
    try {
      List<Future<?>> askers = new ArrayList<>();
      for (int i = 0; i < ASKERS; i++) {
        askers.add(
            threads.submit(
                (Callable<Void>)
                    () -> {
                      while (!stop.get()) {
                        JsonNode answer = service().verdict(repository + ":32-bit");
                        assertThat(answer.path("decision").asString()).isEqualTo("EXCLUDED");
                        // Nothing is known of these, but they are answered.
                        assertThat(service().decision(repository + ":x" + asked.get() % 10))
                            .isEqualTo("UNKNOWN");
                        asked.incrementAndGet();
                      }
                      return null;
                    }));
      }
      awaitMore(asked);
      for (Runnable outage : List.<Runnable>of(postgres::stop, postgres::silence)) {
        outage.run();
        await()
            .atMost(SOON)
            .until(
                () -> ServiceUnderTest.json(service().watch("/readyz")),
                r -> r.path("components").path("store").path("status").asString().equals("DOWN"));
        HttpResponse<String> ready = service().watch("/readyz");
        assertThat(ServiceUnderTest.json(ready).path("status").asString()).isEqualTo("DEGRADED");
        assertThat(service().watch("/livez").statusCode()).isEqualTo(200);
        awaitMore(asked);
        assertThat(service().get("/v1/exclusions?format=images").statusCode()).isEqualTo(200);
        HttpResponse<String> order =
            service().order("/v1/scans", "{\"image\": \"" + repository + ":clean\"}");
        assertThat(order.statusCode()).isEqualTo(503);
        assertThat(order.headers().firstValue("Retry-After")).isPresent();
        assertThat(order.body()).doesNotContain(postgres.password());
        postgres.start();
        await()
            .atMost(SOON)
            .until(
                () -> ServiceUnderTest.json(service().watch("/readyz")).path("status").asString(),
                s -> s.equals("UP"));
        awaitMore(asked);
      }
      stop.set(true);
      for (Future<?> asker : askers) {
        asker.get();
      }
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
    assertThat(awaitDecision(repository + ":clean")).isEqualTo("COMPATIBLE");
    assertThat(service().verdict(repository + ":clean").path("listRevision").asLong())
        .isGreaterThanOrEqualTo(revision);
  }

  private static void awaitMore(AtomicInteger asked) {
    int before = asked.get();
    await().atMost(SOON).until(() -> asked.get() > before + 20);
  }

  @Test
  void replicasShareWhatTheyKnow(@TempDir Path directory) throws Exception {
    String repository = pushed();
    Map<String, String> settings =
        new TreeMap<>(
            Map.of(
                "store.url", postgres.url(),
                "store.username", postgres.username(),
                "store.password", postgres.password(),
                "registries.allowed", registry().name(),
                "judging.runtimes", "kata,kata:3.19"));
    try (ServiceUnderTest other = ServiceUnderTest.start(directory, settings)) {
      assertThat(other.decision(repository + ":32-bit")).isEqualTo("UNKNOWN");
      assertThat(awaitDecision(repository + ":32-bit")).isEqualTo("EXCLUDED");
      await().atMost(SOON).until(() -> other.decision(repository + ":32-bit").equals("EXCLUDED"));
      String path = repository.substring(repository.indexOf('/'));
      assertThat(registry().requests("GET", path + "/manifests/32-bit")).isEqualTo(1);
      await()
          .atMost(SOON)
          .until(
              () ->
                  other.get("/v1/exclusions?format=images").body().contains(repository + ":32-bit")
                      && other
                          .get("/v1/exclusions?format=images")
                          .body()
                          .equals(service().get("/v1/exclusions?format=images").body()));
    }
  }
}
