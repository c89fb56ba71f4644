package dev.imgcompat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.GeneratedImages;
import dev.imgcompat.core.testing.GeneratedImages.Tag;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of a sweep when the process ends, one way or the other. */
class KilledSweepIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int CONCURRENCY = 2;

  /** Layers that may be on their way when a process dies: those of the tags looked at. */
  private static final int ON_THE_WAY = 4 * CONCURRENCY;

  @TempDir private Path directory;
  private final GeneratedImages images = new GeneratedImages(9, 5, 60, 20);
  private final FakeRegistry registry = new FakeRegistry();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @BeforeEach
  void serveImagesOfWhichOneIsLongInComing() {
    images.serveAt(registry);
    registry.answer(
        manifest(images.tags().get(25)),
        exchange -> {
          asked.countDown();
          try {
            goOn.await(2, TimeUnit.MINUTES);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          registry.ok(exchange);
        });
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    registry.close();
  }

  private static String manifest(Tag tag) {
    return "/v2/" + tag.repository() + "/manifests/" + tag.name();
  }

  private Map<String, String> settings() {
    return Map.of("registries.allowed", registry.name(), "server.drain", "5s");
  }

  private String order(ServiceProcess service) throws Exception {
    HttpResponse<String> accepted =
        service.order(
            "/v1/sweeps",
            "{\"name\": \"all\", \"concurrency\": "
                + CONCURRENCY
                + ", \"sources\": [{\"references\": ["
                + images.tags().stream()
                    .map(t -> "\"" + t.reference(registry.name()) + "\"")
                    .collect(Collectors.joining(", "))
                + "]}]}");
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    return accepted.headers().firstValue("Location").orElseThrow();
  }

  private static JsonNode get(ServiceProcess service, String path) throws Exception {
    return ServiceUnderTest.json(service.get(path));
  }

  private void awaitAlmostHalf(ServiceProcess service, String sweep) throws Exception {
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    await()
        .atMost(SOON)
        .until(() -> get(service, sweep).path("progress").path("done").asInt() >= 20);
  }

  private void assertResumed(ServiceProcess service, String sweep) throws Exception {
    JsonNode done =
        await()
            .atMost(SOON)
            .until(() -> get(service, sweep), s -> s.path("state").asString().equals("DONE"));
    assertThat(done.path("run").asInt()).isEqualTo(1);
    assertThat(done.path("progress").path("done").asInt()).isEqualTo(60);
    assertThat(done.path("progress").path("resumed").asInt()).isGreaterThanOrEqualTo(20);

    List<JsonNode> lines =
        service.get(sweep + "/tags").body().lines().map(MAPPER::readTree).toList();
    assertThat(lines).hasSize(61);
    Map<String, String> decisions =
        lines.stream()
            .limit(60)
            .collect(
                Collectors.toMap(
                    l -> l.path("reference").asString(),
                    l -> l.path("decisions").path("kata").asString("UNKNOWN")));
    for (Tag tag : images.tags()) {
      assertThat(decisions.get(tag.reference(registry.name())))
          .as(tag.toString())
          .isEqualTo(tag.decision().name());
      assertThat(service.decision(tag.reference(registry.name()))).isEqualTo(tag.decision().name());
    }
    int twice = 0;
    for (Digest layer : images.readable()) {
      long pulls =
          registry.allRequests().stream()
              .filter(r -> r.startsWith("GET ") && r.endsWith("/blobs/" + layer))
              .count();
      assertThat(pulls).as(layer.value()).isBetween(1L, 2L);
      twice += pulls == 2 ? 1 : 0;
    }
    assertThat(twice).isLessThanOrEqualTo(ON_THE_WAY);
    assertThat(registry.allRequests())
        .as("what was dealt with is not asked for again")
        .containsOnlyOnce("HEAD " + manifest(images.tags().get(0)));
  }

  @Test
  void sweepThatWasKilledInItsMiddleIsResumedByTheNextProcess() throws Exception {
    String sweep;
    try (ServiceProcess first = ServiceProcess.start(directory, settings())) {
      sweep = order(first);
      awaitAlmostHalf(first, sweep);
      first.kill();
    }
    goOn.countDown();
    try (ServiceProcess second = ServiceProcess.start(directory, settings())) {
      assertResumed(second, sweep);
    }
  }

  @Test
  void serviceThatIsToldToStopPutsItsSweepBack() throws Exception {
    String sweep;
    try (ServiceProcess first = ServiceProcess.start(directory, settings())) {
      sweep = order(first);
      awaitAlmostHalf(first, sweep);
      assertThat(first.terminate()).isEqualTo(143);
      assertThat(first.output()).doesNotContain("\"error\"", "defect");
    }
    goOn.countDown();
    try (ServiceProcess second = ServiceProcess.start(directory, settings())) {
      assertResumed(second, sweep);
    }
  }
}
