package dev.imgcompat.service.web;

import static dev.imgcompat.service.web.ApiServer.header;
import static dev.imgcompat.service.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.service.access.NewToken;
import dev.imgcompat.service.access.Role;
import dev.imgcompat.service.access.TokenFile;
import dev.imgcompat.service.store.DecisionChange;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.State;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepsEndpointTest {
  private static final NewToken TOKEN = TokenFile.create("tester", Role.OPERATOR);

  @TempDir private static Path directory;
  private static ApiServer server;

  @BeforeAll
  static void start() throws Exception {
    Path tokens = Files.writeString(directory.resolve("tokens"), TOKEN.line() + "\n");
    server = ApiServer.with(Map.of("access.tokens", tokens.toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    server.sweeps.sweeps.clear();
    server.sweeps.tags.clear();
    server.sweeps.down = false;
  }

  private static HttpResponse<byte[]> post(String path, String body) {
    return server.post(path, body, "Authorization", "Bearer " + TOKEN.token());
  }

  @Test
  void aPlanIsSweptByItsName() {
    HttpResponse<byte[]> accepted = post("/v1/sweeps", "{\"plan\": \"nightly\"}");
    assertThat(accepted.statusCode()).isEqualTo(202);
    String location = header(accepted, "Location").get(0);
    assertThat(text(server.get(location)))
        .contains("\"plan\":\"nightly\"", "\"state\":\"QUEUED\"")
        .doesNotContain("null");
    HttpResponse<byte[]> again = post("/v1/sweeps", "{\"plan\": \"nightly\"}");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(header(again, "Location")).containsExactly(location);
    assertThat(text(again)).contains("urn:imgcompat:problem:sweep-active");
  }

  @Test
  void aPlanCanBeSentWithTheRequest() {
    HttpResponse<byte[]> accepted =
        post(
            "/v1/sweeps",
            "{\"name\": \"mine\", \"sources\": [{\"repository\": \"r.example/app\"}]}");
    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(text(accepted)).contains("\"plan\":\"mine\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "7",
        "{\"plan\": 7}",
        "{\"plan\": \"nightly\", \"more\": 1}",
        "{\"plan\": \"weekly\"}",
        "{\"name\": \"mine\"}",
        "{\"name\": \"mine\", \"sources\": [{\"repository\": \"r/app\"}], \"sauces\": []}",
        "{\"name\": \"not a name\", \"sources\": [{\"repository\": \"r/app\"}]}"
      })
  void whatIsNoOrderIsRefused(String body) {
    HttpResponse<byte[]> refused = post("/v1/sweeps", body);
    assertThat(refused.statusCode()).as(text(refused)).isEqualTo(400);
    assertThat(server.sweeps.sweeps).isEmpty();
  }

  @Test
  void tooManySweepsAreRefusedForNow() {
    HttpResponse<byte[]> full =
        post("/v1/sweeps", "{\"name\": \"full\", \"sources\": [{\"registry\": \"r.example\"}]}");
    assertThat(full.statusCode()).isEqualTo(503);
    assertThat(header(full, "Retry-After")).containsExactly("2");
    assertThat(text(full)).contains("7 sweeps are waiting already");
  }

  @Test
  void sweepsComeNewestFirstPageByPage() {
    for (int run = 1; run <= 5; run++) {
      server.sweeps.put("nightly", run, run < 5 ? State.DONE : State.RUNNING);
    }
    server.sweeps.put("weekly", 9, State.FAILED);
    List<String> pages = new ArrayList<>();
    String next = "/v1/sweeps?plan=nightly&limit=2";
    while (next != null) {
      HttpResponse<byte[]> page = server.get(next);
      assertThat(page.statusCode()).isEqualTo(200);
      pages.add(text(page).replaceAll("\\{\"id\"[^{]*\"run\":(\\d+).*?\"error\"", "$1"));
      assertThat(text(page)).doesNotContain("summary");
      next =
          header(page, "Link").stream()
              .map(l -> l.substring(1, l.indexOf('>')))
              .findFirst()
              .orElse(null);
    }
    assertThat(pages).hasSize(3);
    assertThat(pages.get(0)).contains("\"run\":5", "\"run\":4").doesNotContain("\"run\":3");
    assertThat(pages.get(2)).contains("\"run\":1").doesNotContain("\"run\":2");
    assertThat(text(server.get("/v1/sweeps?state=failed"))).contains("weekly", "it failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"state=ended", "limit=0", "limit=1000", "cursor=x", "plna=x"})
  void aMalformedQuestionIsRefused(String query) {
    assertThat(server.get("/v1/sweeps?" + query).statusCode()).isEqualTo(400);
  }

  @Test
  void aSweepThatIsDoneSaysWhatItCameTo() {
    SweepRecord sweep = server.sweeps.put("nightly", 1, State.DONE);
    HttpResponse<byte[]> done = server.get("/v1/sweeps/" + sweep.id());
    assertThat(text(done)).contains("\"tags\":412", "\"mayShrink\":true");
    assertThat(header(done, "Retry-After")).isEmpty();
  }

  @Test
  void aSweepThatGoesOnSaysHowFarItIs() {
    SweepRecord sweep = server.sweeps.put("nightly", 1, State.RUNNING);
    HttpResponse<byte[]> running = server.get("/v1/sweeps/" + sweep.id());
    assertThat(text(running)).contains("\"done\":5", "\"listed\":10", "\"secondsLeft\":");
    assertThat(header(running, "Retry-After")).containsExactly("5");
  }

  @Test
  void aSweepCanBeHeldUpLetGoOnAndEnded() {
    SweepRecord sweep = server.sweeps.put("nightly", 1, State.RUNNING);
    String path = "/v1/sweeps/" + sweep.id();
    assertThat(text(post(path + "/pause", ""))).contains("PAUSED");
    assertThat(text(post(path + "/resume", ""))).contains("RUNNING");
    assertThat(text(post(path + "/cancel", ""))).contains("CANCELLED");
    for (String order : List.of("/pause", "/resume", "/cancel")) {
      HttpResponse<byte[]> ended = post(path + order, "");
      assertThat(ended.statusCode()).isEqualTo(409);
      assertThat(text(ended)).contains("urn:imgcompat:problem:sweep-ended");
      assertThat(post("/v1/sweeps/" + "0".repeat(32) + order, "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void plansSayWhenTheyAreDue() {
    assertThat(text(server.get("/v1/sweeps/plans")))
        .contains(
            "\"name\":\"nightly\"",
            "\"schedule\":\"0 2 * * *\"",
            "\"timeZone\":\"Europe/Berlin\"",
            "\"next\":\"2026-11-01T12:00:00Z\"",
            "\"run\":99");
  }

  private static TagRecord tag(String reference, long run) {
    return new TagRecord(
        reference,
        run,
        FakeSweeps.NOON,
        Optional.of(Digest.ofText("image")),
        "basis",
        List.of(),
        Optional.of(new ScanError("untrusted", "unless --insecure r.example", "registry", false)),
        Optional.empty(),
        Optional.empty(),
        List.of(
            new TagChange(
                run,
                FakeSweeps.NOON,
                TagChange.Kind.NEW,
                Optional.empty(),
                Map.of("kata", Decision.UNKNOWN))));
  }

  @Test
  void tagsOfTheNewestSweepComeAsLines() {
    SweepRecord old = server.sweeps.put("nightly", 1, State.DONE);
    SweepRecord newest = server.sweeps.put("nightly", 2, State.RUNNING);
    for (int i = 0; i < 1_200; i++) {
      String reference = "r.example/app:%04d".formatted(i);
      server.sweeps.tags.put(reference, tag(reference, i % 2 == 0 ? 2 : 1));
    }
    List<String> lines = text(server.get("/v1/sweeps/" + newest.id() + "/tags")).lines().toList();
    assertThat(lines).hasSize(601);
    assertThat(lines.get(0)).contains("app:0000", "unless the file of registries.config");
    assertThat(lines.get(600)).isEqualTo("{\"tags\":600}");
    HttpResponse<byte[]> gone = server.get("/v1/sweeps/" + old.id() + "/tags");
    assertThat(gone.statusCode()).isEqualTo(410);
    assertThat(server.get("/v1/sweeps/x/tags").statusCode()).isEqualTo(404);
  }

  @Test
  void aStoreThatIsDownIsSaidSo() {
    SweepRecord sweep = server.sweeps.put("nightly", 1, State.RUNNING);
    server.sweeps.down = true;
    for (String path : List.of("/v1/sweeps", "/v1/sweeps/" + sweep.id())) {
      HttpResponse<byte[]> down = server.get(path);
      assertThat(down.statusCode()).isEqualTo(503);
      assertThat(text(down)).doesNotContain("secret");
    }
  }

  @Test
  void aHistoryIsThatOfTheReferenceInFull() {
    server.store.histories.put(
        new ReferenceKey("docker.io/library/centos:6", "linux/amd64"),
        List.of(
            new DecisionChange(FakeSweeps.NOON, DecisionChange.GONE, Optional.empty()),
            new DecisionChange(FakeSweeps.NOON, "EXCLUDED", Optional.of(Digest.ofText("i")))));
    assertThat(text(server.get("/v1/images/history?image=centos:6")))
        .contains("docker.io/library/centos:6", "\"decision\":\"GONE\"", "EXCLUDED");
    assertThat(text(server.get("/v1/images/history?image=other"))).contains("\"changes\":[]");
    assertThat(server.get("/v1/images/history").statusCode()).isEqualTo(400);
    assertThat(server.get("/v1/images/history?image=No%20One").statusCode()).isEqualTo(400);
    assertThat(server.get("/v1/images/history?image=a&runtime=x").statusCode()).isEqualTo(400);
  }

  @Test
  void adviceIsThatOfTheService() {
    String shown =
        text(server.get("/v1/sweeps/" + server.sweeps.put("nightly", 1, State.DONE).id()));
    assertThat(shown)
        .contains("that is not done here", "those of the file registries.authfile")
        .doesNotContain("--allow", "docker login");
  }
}
