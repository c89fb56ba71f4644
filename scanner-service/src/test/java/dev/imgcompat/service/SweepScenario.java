package dev.imgcompat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.GeneratedImages;
import dev.imgcompat.core.testing.GeneratedImages.Tag;
import dev.imgcompat.core.testing.RealRegistry;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator does with sweeps, over real HTTP, with a real registry and one store. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class SweepScenario {
  static final Duration SOON = Duration.ofSeconds(90);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @TempDir private static Path directory;

  private final GeneratedImages images = new GeneratedImages(8, 5, 60, 20);
  private RealRegistry registry;
  private FakeRegistry fake;
  private ServiceUnderTest service;

  /** The settings of the store. */
  abstract Map<String, String> store() throws IOException;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    registry = new RealRegistry();
    fake = new FakeRegistry();
    images.pushTo(registry.name());
    Path plans =
        Files.writeString(
            directory.resolve("plans.yaml"),
            """
            sweeps:
              yearly:
                schedule: "0 0 1 1 *"
                time-zone: Europe/Berlin
                keep-gone: 1s
                sources:
                  - registry: %s
              slow:
                schedule: "0 0 1 1 *"
                sources:
                  - references: [%s]
            """
                .formatted(registry.name(), images.tags().get(0).reference(fake.name())));
    Map<String, String> settings = new TreeMap<>(store());
    settings.put("registries.allowed", registry.name() + "," + fake.name());
    settings.put("sweeps.plans", plans.toString());
    service = ServiceUnderTest.start(directory, settings);
  }

  @AfterAll
  void stop() {
    if (service != null) {
      service.close();
    }
    if (fake != null) {
      fake.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  final FakeRegistry fake() {
    return fake;
  }

  final GeneratedImages images() {
    return images;
  }

  @BeforeEach
  void registryIsThere() {
    assumeTrue(service != null);
  }

  final String order(String body) throws Exception {
    HttpResponse<String> accepted = service.order("/v1/sweeps", body);
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    return accepted.headers().firstValue("Location").orElseThrow();
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = service.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return ServiceUnderTest.json(answer);
  }

  final JsonNode awaitState(String sweep, String state) {
    return await()
        .atMost(SOON)
        .until(
            () -> get(sweep),
            s -> {
              String now = s.path("state").asString();
              assertThat(now).as(s.toString()).isIn(state, "QUEUED", "RUNNING", "PAUSED");
              return now.equals(state);
            });
  }

  /** The tags of a sweep by their references; each is there once. */
  final Map<String, JsonNode> tags(String sweep) throws Exception {
    List<JsonNode> lines =
        service.get(sweep + "/tags").body().lines().map(MAPPER::readTree).toList();
    JsonNode last = lines.get(lines.size() - 1);
    assertThat(last.path("tags").asInt()).isEqualTo(lines.size() - 1);
    return lines.stream()
        .limit(lines.size() - 1)
        .collect(Collectors.toMap(l -> l.path("reference").asString(), Function.identity()));
  }

  private String list() throws Exception {
    return service.get("/v1/exclusions?format=images").body();
  }

  private long layerPulls() {
    return images.readable().stream().mapToLong(d -> registry.requests("GET", "/blobs/" + d)).sum();
  }

  private String yearly() throws Exception {
    return order("{\"plan\": \"yearly\"}");
  }

  @Test
  @Order(1)
  void theFirstSweepPullsEachLayerOnceAndFindsWhatIsThere() throws Exception {
    JsonNode done = awaitState(yearly(), "DONE");
    JsonNode summary = done.path("summary");

    assertThat(summary.path("end").asString()).isEqualTo("COMPLETE");
    assertThat(summary.path("mayShrink").asBoolean()).isTrue();
    assertThat(done.path("progress").path("done").asInt()).isEqualTo(60);
    assertThat(summary.path("layers").size()).isPositive();
    for (Digest layer : images.readable()) {
      assertThat(registry.requests("GET", "/blobs/" + layer)).as(layer.value()).isEqualTo(1);
    }
    String sweep = get("/v1/sweeps").path("sweeps").get(0).path("id").asString();
    Map<String, JsonNode> tags = tags("/v1/sweeps/" + sweep);
    assertThat(tags).hasSize(60);
    for (Tag tag : images.tags()) {
      JsonNode found = tags.get(tag.reference(registry.name()));
      assertThat(found.path("decisions").path("kata").asString("UNKNOWN"))
          .as(tag.toString())
          .isEqualTo(tag.decision().name());
      assertThat(found.path("failure").path("kind").asString(""))
          .as(tag.toString())
          .isEqualTo(tag.failure().orElse(""));
    }
  }

  @Test
  @Order(2)
  void whatItFoundIsOnListsAndAnsweredWithoutAScan() throws Exception {
    String list = list();
    long requests = registry.requests("GET", "/manifests/");
    for (Tag tag : images.tags()) {
      String reference = tag.reference(registry.name());
      assertThat(service.decision(reference)).isEqualTo(tag.decision().name());
      // Nobody can start an image whose layer is not there.
      boolean kept =
          tag.decision() != Decision.COMPATIBLE
              && tag.failure().filter(f -> f.equals("not-found")).isEmpty();
      assertThat(list.contains(reference + "\n")).as(tag.toString()).isEqualTo(kept);
    }
    long failed = images.tags().stream().filter(t -> t.failure().isPresent()).count();
    assertThat(registry.requests("GET", "/manifests/") - requests)
        .as("lookups scan only what failed")
        .isLessThanOrEqualTo(2 * failed);
  }

  @Test
  @Order(3)
  void theSecondSweepPullsNothingAndAsksOnceForEachTag() throws Exception {
    long pulls = layerPulls();
    long heads = registry.requests("HEAD", "/manifests/");
    long revision = get("/v1/lists").path("revision").asLong();

    JsonNode done = awaitState(yearly(), "DONE");

    assertThat(done.path("run").asInt()).isEqualTo(2);
    assertThat(layerPulls()).isEqualTo(pulls);
    assertThat(registry.requests("HEAD", "/manifests/") - heads).isBetween(60L, 75L);
    JsonNode progress = done.path("summary").path("progress");
    assertThat(progress.path("pulled").asInt()).isZero();
    assertThat(progress.path("scanned").asInt()).isZero();
    assertThat(get("/v1/lists").path("revision").asLong()).isEqualTo(revision);
    assertThat(service.get("/v1/sweeps/" + first() + "/tags").statusCode()).isEqualTo(410);
  }

  private String first() throws Exception {
    JsonNode all = get("/v1/sweeps?plan=yearly&state=done").path("sweeps");
    return all.get(all.size() - 1).path("id").asString();
  }

  @Test
  @Order(4)
  void aTagThatIsGoneLeavesTheListsAfterAWhile() throws Exception {
    Tag gone =
        images.tags().stream()
            .filter(t -> t.decision() == Decision.EXCLUDED)
            .filter(
                t -> images.tags().stream().filter(o -> o.digest().equals(t.digest())).count() == 1)
            .findFirst()
            .orElseThrow();
    String reference = gone.reference(registry.name());
    delete(gone);

    Map<String, JsonNode> tags = tags(done(yearly()));
    assertThat(tags.get(reference).path("goneSince").asString("")).isNotEmpty();
    assertThat(list()).contains(reference + "\n");
    await()
        .atMost(SOON)
        .until(
            () -> {
              awaitState(yearly(), "DONE");
              return !list().contains(reference + "\n");
            });
    JsonNode changes =
        get("/v1/images/history?image=" + URLEncoder.encode(reference, StandardCharsets.UTF_8))
            .path("changes");
    assertThat(changes.get(0).path("decision").asString()).isEqualTo("GONE");
    assertThat(changes.get(1).path("decision").asString()).isEqualTo("EXCLUDED");
  }

  private String done(String sweep) {
    awaitState(sweep, "DONE");
    return sweep;
  }

  private void delete(Tag tag) throws IOException, InterruptedException {
    HttpResponse<String> deleted =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://"
                                + registry.name()
                                + "/v2/"
                                + tag.repository()
                                + "/manifests/"
                                + tag.digest()))
                    .DELETE()
                    .build(),
                BodyHandlers.ofString());
    assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(202);
  }

  @Test
  @Order(5)
  void aPlanIsSweptWhenItIsDueAndOnceForWhatWasMissed() throws Exception {
    JsonNode plan = get("/v1/sweeps/plans").path("plans").get(0);
    assertThat(plan.path("name").asString()).isEqualTo("yearly");
    assertThat(plan.path("next").asString()).contains("-12-31T23:00:00Z");
    int before = plan.path("last").path("run").asInt();

    // As if nobody had been there for years.
    makeDue("yearly");

    await()
        .atMost(SOON)
        .until(
            () -> get("/v1/sweeps?plan=yearly&limit=1").path("sweeps").get(0),
            s -> s.path("run").asInt() == before + 1 && s.path("state").asString().equals("DONE"));
    JsonNode after = get("/v1/sweeps/plans").path("plans").get(0);
    assertThat(after.path("last").path("cause").asString()).isEqualTo("SCHEDULE");
    assertThat(after.path("next").asString()).isEqualTo(plan.path("next").asString());
  }

  private void makeDue(String plan) {
    int due =
        JdbcClient.create(service.part(JdbcStore.class).dataSource())
            .sql(
                """
                UPDATE sweep_tasks SET execution_time = TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00'
                  WHERE task_name = 'sweep-plan' AND task_instance = ?
                """)
            .param(plan)
            .update();
    assertThat(due).isEqualTo(1);
  }

  @Test
  @Order(5)
  void aPlanThatIsDueWhileItIsSweptIsSkipped() throws Exception {
    images.serveAt(fake);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    fake.answer(
        manifest(images.tags().get(0)),
        exchange -> {
          asked.countDown();
          open(goOn);
          fake.ok(exchange);
        });
    String sweep = order("{\"plan\": \"slow\"}");
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    makeDue("slow");
    await()
        .atMost(SOON)
        .until(
            () -> get("/v1/sweeps/plans").path("plans").get(1).path("next").asString(),
            next -> !next.startsWith("2020"));
    goOn.countDown();
    awaitState(sweep, "DONE");
    assertThat(get("/v1/sweeps?plan=slow").path("sweeps").size()).isEqualTo(1);
  }

  /** A sweep of images in the fake registry. */
  final String fakes(String plan, List<Tag> tags) {
    return "{\"name\": \""
        + plan
        + "\", \"concurrency\": 2, \"sources\": [{\"references\": ["
        + tags.stream()
            .map(t -> "\"" + t.reference(fake.name()) + "\"")
            .collect(Collectors.joining(", "))
        + "]}]}";
  }

  static String manifest(Tag tag) {
    return "/v2/" + tag.repository() + "/manifests/" + tag.name();
  }

  @Test
  @Order(6)
  void aSweepIsHeldUpLetGoOnAndEnded() throws Exception {
    images.serveAt(fake);
    List<Tag> some = images.tags().subList(0, 30);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    fake.answer(
        manifest(some.get(10)),
        exchange -> {
          asked.countDown();
          open(goOn);
          fake.ok(exchange);
        });
    String sweep = order(fakes("held", some));
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(service.order(sweep + "/pause", "").body()).contains("\"PAUSED\"");
    goOn.countDown();
    awaitPaused(sweep);
    int done = get(sweep).path("progress").path("done").asInt();
    assertThat(done).isLessThan(30);
    HttpResponse<String> twice = service.order("/v1/sweeps", fakes("held", some));
    assertThat(twice.statusCode()).isEqualTo(409);

    assertThat(service.order(sweep + "/resume", "").statusCode()).isEqualTo(200);
    awaitState(sweep, "DONE");
    assertThat(tags(sweep)).hasSize(30);

    CountDownLatch again = new CountDownLatch(1);
    CountDownLatch goOnAgain = new CountDownLatch(1);
    fake.answer(
        manifest(some.get(20)),
        exchange -> {
          again.countDown();
          open(goOnAgain);
          fake.ok(exchange);
        });
    String other = order(fakes("held", some));
    assertThat(again.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(service.order(other + "/cancel", "").body()).contains("\"cancelled\":true");
    goOnAgain.countDown();
    assertThat(awaitState(other, "CANCELLED").path("summary").path("mayShrink").asBoolean())
        .isFalse();
    assertThat(service.order(other + "/cancel", "").statusCode()).isEqualTo(409);
  }

  final void awaitPaused(String sweep) {
    await()
        .atMost(SOON)
        .until(
            () -> get(sweep).path("progress").path("waiting").path("").asString(""),
            w -> w.equals("paused"));
  }

  static void open(CountDownLatch latch) {
    try {
      latch.await(2, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @Order(7)
  void aRegistryThatSlowsDownASweepDoesNotSlowDownLookups() throws Exception {
    images.serveAt(fake);
    List<Tag> some = images.tags().stream().filter(t -> t.failure().isEmpty()).limit(20).toList();
    CountDownLatch limited = new CountDownLatch(1);
    for (Tag tag : some.subList(0, 10)) {
      fake.answer(
          manifest(tag),
          exchange -> {
            limited.countDown();
            FakeRegistry.status(429, "{}", Map.of("Retry-After", "600")).to(exchange);
          });
    }
    String sweep = order(fakes("limited", some.subList(0, 10)));
    assertThat(limited.await(60, TimeUnit.SECONDS)).isTrue();
    Tag looked = some.get(15);
    await()
        .atMost(SOON)
        .until(
            () -> service.decision(looked.reference(fake.name())),
            d -> d.equals(looked.decision().name()));
    service.order(sweep + "/cancel", "");
  }

  @Test
  @Order(8)
  void plansThatMayNotBeSweptAreRefused() throws Exception {
    for (String source :
        List.of(
            "{\"registry\": \"ghcr.io\"}",
            "{\"repository\": \"ghcr.io/owner/image\"}",
            "{\"references\": [\"ghcr.io/owner/image:1\"]}",
            "{\"file\": \"/etc/passwd\"}",
            "{\"file\": \"-\"}",
            "{\"kubernetes\": {\"kubeconfig\": \"/root/.kube/config\"}}")) {
      HttpResponse<String> refused =
          service.order("/v1/sweeps", "{\"name\": \"mine\", \"sources\": [" + source + "]}");
      assertThat(refused.statusCode()).as(source).isEqualTo(400);
      assertThat(ServiceUnderTest.json(refused).path("message").asString())
          .containsAnyOf("may be asked from here", "names a file of the service's machine");
    }
    HttpResponse<String> named =
        service.order(
            "/v1/sweeps",
            "{\"name\": \"yearly\", \"sources\": [{\"registry\": \"" + registry.name() + "\"}]}");
    assertThat(named.statusCode()).isEqualTo(400);
    assertThat(service.get("/v1/sweeps?plan=mine").body()).contains("\"sweeps\":[]");
  }

  @Test
  @Order(9)
  void sweepsCanBeSeenFromOutside() throws Exception {
    String metrics = service.watch("/metrics").body();
    assertThat(metrics)
        .containsPattern("imgcompat_sweep_tags_total\\{failure=\"none\",plan=\"yearly\"} \\d")
        .containsPattern("imgcompat_sweeps_running\\{plan=\"yearly\"} 0")
        .containsPattern("imgcompat_rejudging_left 0");
  }
}
