package dev.imgcompat.service.web;

import static dev.imgcompat.service.web.ApiServer.header;
import static dev.imgcompat.service.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.service.store.ImageQuery;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ReferenceWithImage;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ImagesEndpointTest {
  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.with(Map.of("judging.runtimes", "kata:3.19,kata"));
    for (int i = 0; i < 5; i++) {
      server.store.add(scanned("example.com/a:" + i));
    }
    server.store.add(failed("example.com/b:1"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void up() {
    server.store.down = false;
  }

  private static ReferenceWithImage scanned(String canonical) {
    ImageReport report =
        ReportBuilder.on("kata:3.19").needsVsyscall(canonical).build().images().get(0);
    Digest digest = report.digest().orElseThrow();
    return new ReferenceWithImage(
        new StoredReference(
            new ReferenceKey(canonical, "linux/amd64"),
            Optional.of(digest),
            Optional.empty(),
            Instant.parse("2026-11-01T12:00:00Z"),
            Optional.empty(),
            Optional.empty()),
        Optional.of(new StoredImage(digest, report, "all", Map.of())));
  }

  private static ReferenceWithImage failed(String canonical) {
    return new ReferenceWithImage(
        new StoredReference(
            new ReferenceKey(canonical, "linux/amd64"),
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            Optional.of(new ScanError("not-found", "no such image", "user", false)),
            Optional.of(Instant.parse("2026-11-01T12:00:00Z"))),
        Optional.empty());
  }

  @Test
  void pagesLeadToEachOtherAndKeepTheFilters() {
    List<String> seen = new ArrayList<>();
    String path = "/v1/images?limit=2&q=%3A+x&decision=needs_kernel_params";
    while (path != null) {
      HttpResponse<byte[]> page = server.get(path);
      assertThat(page.statusCode()).isEqualTo(200);
      for (JsonNode image : new JsonMapper().readTree(page.body()).get("images")) {
        seen.add(image.get("canonical").stringValue());
      }
      ImageQuery query = server.store.queries.get(server.store.queries.size() - 1);
      assertThat(query.text()).contains(": x");
      assertThat(query.decision()).contains(Decision.NEEDS_KERNEL_PARAMS);
      assertThat(query.runtime()).isEqualTo("kata:3.19");
      List<String> link = header(page, "Link");
      path = link.isEmpty() ? null : link.get(0).replaceAll("<(.*)>; rel=\"next\"", "$1");
    }
    assertThat(seen)
        .containsExactly(
            "example.com/a:0",
            "example.com/a:1",
            "example.com/a:2",
            "example.com/a:3",
            "example.com/a:4",
            "example.com/b:1");
  }

  @Test
  void whatWasNeverScannedIsUnknownAndSaysWhy() {
    String page = text(server.get("/v1/images"));
    assertThat(page)
        .contains(
            "{\"canonical\":\"example.com/b:1\",\"platform\":\"linux/amd64\","
                + "\"decision\":\"UNKNOWN\",\"kernelParams\":[],\"error\":{\"kind\":\"not-found\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=501",
        "limit=x",
        "decision=MAYBE",
        "runtime=none",
        "platform=x",
        "digest=sha256:1",
        "cursor=!",
        "cursor=AAAA",
        "cursor=YQ",
        "querry=a"
      })
  void aMalformedFilterIsRefused(String filter) {
    HttpResponse<byte[]> response = server.get("/v1/images?" + filter);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).contains(filter.substring(0, filter.indexOf('=')));
  }

  @Test
  void anImageIsShownWhole() {
    Digest digest = ReportBuilder.digestOf("example.com/a:1");
    HttpResponse<byte[]> response = server.get("/v1/images/" + digest);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response))
        .contains("\"references\":[{\"canonical\":\"example.com/a:1\"", "\"evidence\"");
  }

  @Test
  void anImageThatIsNotKnownIsNotFound() {
    assertThat(server.get("/v1/images/sha256:" + "0".repeat(64)).statusCode()).isEqualTo(404);
    assertThat(server.get("/v1/images/sha256:0").statusCode()).isEqualTo(400);
  }

  @Test
  void numbersAreShown() {
    assertThat(text(server.get("/v1/stats")))
        .contains("\"images\":6", "\"kata:3.19\":{\"COMPATIBLE\":6}", "\"active\":0", "\"held\":");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/images", "/v1/stats"})
  void aStoreThatIsDownIsSaidToBe(String path) {
    server.store.down = true;
    HttpResponse<byte[]> response = server.get(path);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(header(response, "Retry-After")).hasSize(1);
    assertThat(text(response)).contains("the store does not answer").doesNotContain("jdbc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/rules", "/v1/runtimes", "/v1/version"})
  void whatIsJudgedByStaysTheSame(String path) {
    HttpResponse<byte[]> first = server.get(path);
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(server.get(path, "If-None-Match", header(first, "ETag").get(0)).statusCode())
        .isEqualTo(304);
  }

  @Test
  void runtimesSayWhetherTheyAreJudgedFor() {
    assertThat(text(server.get("/v1/runtimes")))
        .contains("\"judgedAs\":[\"kata:3.19\",\"kata\"]", "\"judgedAs\":[]");
  }
}
