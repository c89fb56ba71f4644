package dev.imgcompat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imgcompat.core.testing.LayoutPusher;
import dev.imgcompat.core.testing.NodeProject;
import dev.imgcompat.core.testing.RealRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What a build cluster does with the service, over real HTTP, with a real registry and one store.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class BuildStartScenario {
  static final Duration SOON = Duration.ofSeconds(40);

  @TempDir private static Path directory;

  private RealRegistry registry;
  private ServiceUnderTest service;
  private int repositories;

  /** The settings of the store; {@code directory} is for one that needs one. */
  abstract Map<String, String> store() throws IOException;

  @BeforeAll
  void start() throws IOException {
    registry = new RealRegistry();
    Map<String, String> settings = new TreeMap<>(store());
    settings.put("registries.allowed", registry.name());
    settings.put("judging.runtimes", "kata,kata:3.19");
    settings.put("lookup.tag-age", "2s");
    settings.put("lookup.retry-age", "1s");
    service = ServiceUnderTest.start(directory, settings);
  }

  @AfterAll
  void stop() {
    if (service != null) {
      service.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void registryIsThere() {
    assumeTrue(service != null);
  }

  final ServiceUnderTest service() {
    return service;
  }

  final RealRegistry registry() {
    return registry;
  }

  /** Pushes the samples to a repository of their own. */
  final String pushed() throws IOException, InterruptedException {
    String repository = registry.name() + "/team/samples" + ++repositories;
    new LayoutPusher(Path.of("..", "samples"), repository).pushAll();
    return repository;
  }

  final String awaitDecision(String image) {
    return await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> service.decision(image), d -> !d.equals("UNKNOWN"));
  }

  @Test
  void coldLookupIsUnknownAndAnsweredOnceItWasScanned() throws Exception {
    String repository = pushed();
    JsonNode cold = service.verdict(repository + ":32-bit");
    assertThat(cold.path("decision").asString()).isEqualTo("UNKNOWN");
    assertThat(cold.path("executor").asString()).isEqualTo("k8s-vm");
    assertThat(cold.path("reasons").get(0).asString()).contains("not scanned yet");

    assertThat(awaitDecision(repository + ":32-bit")).isEqualTo("EXCLUDED");
    assertThat(awaitDecision(repository + ":clean")).isEqualTo("COMPATIBLE");
    assertThat(awaitDecision(repository + ":old-glibc")).isEqualTo("NEEDS_KERNEL_PARAMS");

    JsonNode known = service.verdict(repository + ":old-glibc");
    assertThat(known.path("kernelParams").get(0).asString()).isEqualTo("vsyscall=emulate");
    assertThat(
            known
                .path("annotations")
                .path("io.katacontainers.config.hypervisor.kernel_params")
                .asString())
        .isEqualTo("vsyscall=emulate");
    assertThat(known.path("digest").asString()).startsWith("sha256:");
    assertThat(service.verdict(repository + ":clean").path("executor").asString()).isEqualTo("k8s");
  }

  @Test
  void answerIsKnownByItsTagAndNotSentAgain() throws Exception {
    String image = pushed() + ":clean@" + digest("clean");
    awaitDecision(image);
    HttpResponse<String> first = service.get(path(image));
    assertThat(first.headers().firstValue("Cache-Control")).hasValue("private, max-age=10");
    HttpResponse<String> again =
        await()
            .atMost(SOON)
            .until(
                () -> {
                  String tag = service.get(path(image)).headers().firstValue("ETag").orElseThrow();
                  return service.send(
                      HttpRequest.newBuilder(URI.create(service.url() + path(image)))
                          .header("If-None-Match", tag));
                },
                r -> r.statusCode() == 304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void twoThousandLookupsOfOneUnknownImageCauseOneScan() throws Exception {
    String repository = pushed();
    HttpClient client = HttpClient.newHttpClient();
    URI uri = URI.create(service.url() + path(repository + ":clean"));
    List<CompletableFuture<HttpResponse<String>>> lookups = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      lookups.add(client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
      if (i % 100 == 99) {
        lookups.get(i - 50).join();
      }
    }
    for (CompletableFuture<HttpResponse<String>> lookup : lookups) {
      assertThat(lookup.join().statusCode()).isEqualTo(200);
    }
    awaitDecision(repository + ":clean");
    String path = repository.substring(repository.indexOf('/'));
    assertThat(registry.requests("GET", path + "/manifests/clean")).isEqualTo(1);
  }

  @Test
  void tagThatMovesIsSeenInTheBackground() throws Exception {
    String repository = pushed();
    assertThat(awaitDecision(repository + ":clean")).isEqualTo("COMPATIBLE");
    retag(repository, "32-bit", "clean");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(service.decision(repository + ":clean")).isEqualTo("EXCLUDED"));
    // One HEAD is enough where it did not move.
    String path = repository.substring(repository.indexOf('/'));
    long pulls = registry.requests("GET", path + "/manifests/clean");
    await()
        .atMost(SOON)
        .until(
            () -> {
              service.decision(repository + ":clean");
              return registry.requests("HEAD", path + "/manifests/clean") >= 4;
            });
    assertThat(registry.requests("GET", path + "/manifests/clean")).isEqualTo(pulls);
  }

  @Test
  void imageThatIsNotThereStaysUnknownAndIsInNoList() throws Exception {
    String image = registry.name() + "/team/nowhere:1";
    assertThat(service.decision(image)).isEqualTo("UNKNOWN");
    await()
        .atMost(SOON)
        .until(
            () -> service.verdict(image).path("reasons").get(0).asString(),
            reason -> reason.startsWith("it could not be scanned"));
    assertThat(service.get("/v1/exclusions?format=images").body()).doesNotContain("nowhere");
  }

  @Test
  void registryThatIsNotAllowedIsNeverAsked() throws Exception {
    JsonNode answer = service.verdict("ghcr.io/owner/image:1");
    assertThat(answer.path("decision").asString()).isEqualTo("UNKNOWN");
    assertThat(answer.path("reasons").get(0).asString()).contains("ghcr.io is not one");
    HttpResponse<String> refused =
        service.order("/v1/scans", "{\"image\": \"ghcr.io/owner/image:1\"}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(ServiceUnderTest.json(refused).path("message").asString())
        .contains("registry ghcr.io is not one that may be asked from here");
  }

  @Test
  void manyAreAnsweredAtOnceAsOneByOne() throws Exception {
    String repository = pushed();
    awaitDecision(repository + ":32-bit");
    awaitDecision(repository + ":clean");
    HttpResponse<String> answers =
        service.order(
            "/v1/verdicts",
            "{\"images\": [{\"image\": \""
                + repository
                + ":32-bit\"}, {\"image\": \"Not One\"}, {\"image\": \""
                + repository
                + ":clean\", \"runtime\": \"kata:3.19\"}]}");
    assertThat(answers.statusCode()).isEqualTo(200);
    JsonNode verdicts = ServiceUnderTest.json(answers).path("verdicts");
    assertThat(verdicts).hasSize(3);
    assertThat(verdicts.get(0).path("decision").asString()).isEqualTo("EXCLUDED");
    assertThat(verdicts.get(1).path("error").asString()).contains("is not an image reference");
    assertThat(verdicts.get(2).path("decision").asString()).isEqualTo("COMPATIBLE");
    assertThat(verdicts.get(2).path("runtime").asString()).isEqualTo("kata:3.19");
  }

  @Test
  void runtimeThatIsNotKnownStopsNoBuild() throws Exception {
    for (String asked : List.of("&runtime=kata:99", "&runtime=other", "&platform=strange")) {
      HttpResponse<String> answer = service.get(path("centos:6.8") + asked);
      assertThat(answer.statusCode()).as(asked).isEqualTo(200);
      JsonNode body = ServiceUnderTest.json(answer);
      assertThat(body.path("decision").asString()).isEqualTo("UNKNOWN");
      assertThat(body.path("executor").asString()).isEqualTo("k8s-vm");
      assertThat(body.path("reasons").get(0).asString()).isNotEmpty();
    }
  }

  @Test
  void lookForAnotherPlatformTakesNothingFromTheTag() throws Exception {
    String image = pushed() + ":clean";
    assertThat(awaitDecision(image)).isEqualTo("COMPATIBLE");
    await()
        .atMost(SOON)
        .until(
            () ->
                ServiceUnderTest.json(service.get(path(image) + "&platform=linux/arm64"))
                    .path("reasons")
                    .toString(),
            reasons -> reasons.contains("the image is for linux/amd64, not for linux/arm64"));
    assertThat(service.decision(image)).isEqualTo("COMPATIBLE");
  }

  @Test
  void orderIsCarriedOutOnceForADigest() throws Exception {
    String repository = pushed();
    String image = repository + "@" + digest("32-bit");
    HttpResponse<String> first =
        service.order("/v1/scans?wait=40s", "{\"image\": \"" + image + "\"}");
    assertThat(first.statusCode()).isIn(200, 202);
    String location = first.headers().firstValue("Location").orElseThrow();
    await()
        .atMost(SOON)
        .until(
            () -> ServiceUnderTest.json(service.get(location)).path("state").asString(),
            s -> s.equals("DONE"));
    JsonNode done = ServiceUnderTest.json(service.get(location));
    assertThat(done.path("decision").asString()).isEqualTo("EXCLUDED");
    assertThat(done.path("image").path("verdicts").get(0).path("findings").get(0).path("evidence"))
        .isNotEmpty();
    assertThat(done.path("progress").path("layersDone").asInt()).isEqualTo(2);
    HttpResponse<String> second = service.order("/v1/scans", "{\"image\": \"" + image + "\"}");
    assertThat(second.headers().firstValue("Location")).hasValue(location);
    HttpResponse<String> forced =
        service.order("/v1/scans", "{\"image\": \"" + image + "\", \"force\": true}");
    assertThat(forced.headers().firstValue("Location").orElseThrow()).isNotEqualTo(location);
  }

  @Test
  void anotherRuntimeIsJudgedWithoutAnotherPull() throws Exception {
    String repository = pushed();
    String image = repository + ":old-glibc";
    awaitDecision(image);
    String path = repository.substring(repository.indexOf('/'));
    await()
        .atMost(SOON)
        .until(
            () ->
                ServiceUnderTest.json(service.get(path(image) + "&runtime=kata:3.25"))
                    .path("decision")
                    .asString(),
            d -> d.equals("EXCLUDED"));
    assertThat(registry.requests("GET", path + "/blobs/"))
        .as("layer and config, once")
        .isEqualTo(2);
  }

  @Test
  void clientOfTheQueueWorkerSucceedsAtTheFirstTry() throws Exception {
    NodeProject node = NodeProject.assumeInstalled();
    String repository = pushed();
    awaitDecision(repository + ":32-bit");
    JsonNode answers =
        node.run(
            "ask-verdicts.cjs",
            service.url(),
            repository + ":32-bit",
            repository + ":never-seen",
            registry.name() + "/team/nothing-here",
            "centos",
            "centos:6.8",
            "docker.io/library/centos:6.8",
            "index.docker.io/centos:7",
            "ghcr.io/owner/image@sha256:" + "0".repeat(64),
            "registry.example.com:5000/a/b/c/d:V1.2_x-y",
            "localhost/image",
            "127.0.0.1:1/team/image:tag",
            "a/b:" + "t".repeat(128));
    assertThat(answers).hasSize(12);
    for (JsonNode answer : answers) {
      assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
      assertThat(answer.path("retries").asInt()).as(answer.toString()).isZero();
      assertThat(answer.path("decision").asString()).as(answer.toString()).isNotEmpty();
    }
    assertThat(answers.get(0).path("decision").asString()).isEqualTo("EXCLUDED");
    JsonNode malformed = node.run("ask-verdicts.cjs", service.url(), "Not An Image");
    assertThat(malformed.get(0).path("error").asString())
        .startsWith("400 Reason \"'Not An Image' is not an image reference");
  }

  @Test
  void whatIsDoneCanBeSeenFromOutside() throws Exception {
    awaitDecision(pushed() + ":clean");
    assertThat(service.watch("/livez").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = service.watch("/readyz");
    assertThat(ready.statusCode()).isEqualTo(200);
    JsonNode components = ServiceUnderTest.json(ready).path("components");
    for (String component : List.of("store", "queue", "lists")) {
      assertThat(components.path(component).path("status").asString()).isEqualTo("UP");
    }
    System.gc(); // what nobody holds would be gone
    String metrics = service.watch("/metrics").body();
    assertThat(metrics)
        .contains(
            "imgcompat_scans_total{cause=\"lookup\",decision=\"COMPATIBLE\",failure=\"none\"}")
        .contains("imgcompat_scan_duration_seconds_bucket")
        .contains("imgcompat_pulled_bytes_total")
        .contains("imgcompat_layers_total{cache=\"miss\"}")
        .containsPattern("imgcompat_queue_depth \\d")
        .contains("imgcompat_lookup_duration_seconds_bucket");
    for (String path : List.of("/livez", "/readyz", "/metrics", "/prometheus", "/env")) {
      assertThat(service.get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  static String path(String image) {
    return "/v1/verdict?image=" + URLEncoder.encode(image, StandardCharsets.UTF_8);
  }

  /** The digest of an image of the samples. */
  private static String digest(String tag) throws IOException {
    JsonNode index =
        tools.jackson.databind.json.JsonMapper.builder()
            .build()
            .readTree(Path.of("..", "samples", "index.json").toFile());
    for (JsonNode entry : index.path("manifests")) {
      if (entry
          .path("annotations")
          .path("org.opencontainers.image.ref.name")
          .asString()
          .equals(tag)) {
        return entry.path("digest").asString();
      }
    }
    throw new AssertionError("no sample " + tag);
  }

  private void retag(String repository, String from, String to)
      throws IOException, InterruptedException {
    String url = "http://" + repository.replaceFirst("/", "/v2/") + "/manifests/";
    HttpClient client = HttpClient.newHttpClient();
    String type = "application/vnd.oci.image.manifest.v1+json";
    HttpResponse<byte[]> manifest =
        client.send(
            HttpRequest.newBuilder(URI.create(url + from)).header("Accept", type).build(),
            BodyHandlers.ofByteArray());
    HttpResponse<String> put =
        client.send(
            HttpRequest.newBuilder(URI.create(url + to))
                .header("Content-Type", type)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest.body()))
                .build(),
            BodyHandlers.ofString());
    assertThat(put.statusCode()).isEqualTo(201);
  }
}
