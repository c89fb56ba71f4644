package dev.imgcompat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.Samples;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What becomes of scans when the process ends, one way or the other. */
class KilledServiceIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final FakeRegistry registry = new FakeRegistry();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private String image;

  @BeforeEach
  void serveAnImageWhoseLayerIsLongInComing() {
    LayoutBuilder layout = new LayoutBuilder();
    byte[] layer = Samples.oldGlibc().gzip();
    registry.serve(
        "team/slow",
        "1",
        layout,
        layout.image(
            "1",
            new ImageSpec()
                .command("/bin/bash")
                .layer(layer, "application/vnd.oci.image.layer.v1.tar+gzip")));
    registry.answer(
        "/v2/team/slow/blobs/" + Bytes.digest(layer),
        exchange -> {
          asked.countDown();
          try {
            goOn.await(2, TimeUnit.MINUTES);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          registry.ok(exchange);
        });
    image = registry.name() + "/team/slow:1";
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    registry.close();
  }

  private Map<String, String> settings() {
    return Map.of("registries.allowed", registry.name(), "server.drain", "2s");
  }

  private static JsonNode json(HttpResponse<String> response) {
    return ServiceUnderTest.json(response);
  }

  @Test
  void scanThatWasKilledInItsMiddleIsDoneByTheNextProcess() throws Exception {
    String location;
    String waiting;
    try (ServiceProcess first = ServiceProcess.start(directory, settings())) {
      HttpResponse<String> order = first.order("/v1/scans", "{\"image\": \"" + image + "\"}");
      assertThat(order.statusCode()).isEqualTo(202);
      location = order.headers().firstValue("Location").orElseThrow();
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      // The answer is a promise, however soon the process dies after it.
      waiting =
          first
              .order("/v1/scans", "{\"image\": \"" + registry.name() + "/team/gone:1\"}")
              .headers()
              .firstValue("Location")
              .orElseThrow();
      first.kill();
    }
    goOn.countDown();
    try (ServiceProcess second = ServiceProcess.start(directory, settings())) {
      await()
          .atMost(SOON)
          .until(() -> json(second.get(location)).path("state").asString(), s -> s.equals("DONE"));
      await()
          .atMost(SOON)
          .until(() -> json(second.get(waiting)).path("state").asString(), s -> s.equals("FAILED"));
      assertThat(second.decision(image)).isEqualTo("NEEDS_KERNEL_PARAMS");
    }
  }

  @Test
  void serviceThatIsToldToStopPutsBackWhatItCannotFinish() throws Exception {
    String location;
    try (ServiceProcess first = ServiceProcess.start(directory, settings())) {
      location =
          first
              .order("/v1/scans", "{\"image\": \"" + image + "\"}")
              .headers()
              .firstValue("Location")
              .orElseThrow();
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(first.terminate()).isEqualTo(143);
    }
    goOn.countDown();
    try (ServiceProcess second = ServiceProcess.start(directory, settings())) {
      await()
          .atMost(SOON)
          .until(() -> json(second.get(location)).path("state").asString(), s -> s.equals("DONE"));
      assertThat(json(second.get(location)).path("attempts").asInt()).isEqualTo(1);
    }
  }

  @Test
  void serviceThatIsToldToStopFinishesWhatItBegan() throws Exception {
    try (ServiceProcess service =
        ServiceProcess.start(
            directory, Map.of("registries.allowed", registry.name(), "server.drain", "60s"))) {
      service.order("/v1/scans", "{\"image\": \"" + image + "\"}");
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Integer> code =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return service.terminate();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      await().atMost(SOON).until(service::output, o -> o.contains("stopping: what was begun"));
      goOn.countDown();
      assertThat(code.get(90, TimeUnit.SECONDS)).isEqualTo(143);
      assertThat(service.log())
          .anySatisfy(
              line -> {
                assertThat(line.path("message").asString()).startsWith("scanned " + image);
                // Each line of a scan names it.
                assertThat(line.path("image").asString()).isEqualTo(image);
                assertThat(line.path("scan").asString()).hasSize(32);
              });
    }
  }

  @Test
  void startThatFailsSaysWhyInOneLine() throws Exception {
    try (ServiceProcess first = ServiceProcess.start(directory, settings())) {
      assertThat(first.decision("x")).isEqualTo("UNKNOWN");
      assertThatThrownBy(() -> ServiceProcess.start(directory, settings()))
          .hasMessageContaining("is in use by another process")
          .satisfies(
              e -> assertThat(e.getMessage().lines().filter(l -> !l.startsWith("{"))).hasSize(1));
      assertThatThrownBy(() -> ServiceProcess.start(directory, Map.of("scans.workers", "many")))
          .hasMessageContaining("imgcompat: imgcompat.scans.workers: is not a number");
    }
  }
}
