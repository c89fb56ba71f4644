package dev.imgcompat.service.web;

import static dev.imgcompat.service.web.ApiServer.header;
import static dev.imgcompat.service.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.service.access.NewToken;
import dev.imgcompat.service.access.Role;
import dev.imgcompat.service.access.TokenFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScansEndpointTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
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

  private static HttpResponse<byte[]> order(String query, String body) {
    return server.post(
        "/v1/scans" + query,
        body,
        "Authorization",
        "Bearer " + TOKEN.token(),
        "traceparent",
        PARENT);
  }

  private static String image(String name) {
    return "{\"image\":\"" + name + "\"}";
  }

  @Test
  void anOrderIsAcceptedAndCanBeFollowed() {
    HttpResponse<byte[]> accepted = order("", "{\"image\":\"a\",\"force\":true}");
    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(header(accepted, "Retry-After")).containsExactly("1");
    String location = header(accepted, "Location").get(0);
    assertThat(text(server.get(location))).contains("\"state\":\"QUEUED\"").doesNotContain("null");
    assertThat(server.scans.orders)
        .anyMatch(o -> o.image().equals("a") && o.force() && o.traceParent().get().equals(PARENT));

    server.scans.finish(location.substring(location.lastIndexOf('/') + 1));
    HttpResponse<byte[]> done = server.get(location);
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(header(done, "Retry-After")).isEmpty();
    assertThat(text(done))
        .contains("\"decision\":\"NEEDS_KERNEL_PARAMS\"", "\"evidence\":", "\"error\":null");
  }

  @Test
  void whatIsDoneAlreadyIsAnsweredAtOnce() {
    HttpResponse<byte[]> response = order("?wait=10s", image("done"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Location")).hasSize(1);
    assertThat(header(response, "Cache-Control")).containsExactly("no-store");
  }

  @Test
  void waitingEndsWithTheScan() {
    CompletableFuture<HttpResponse<byte[]>> waiting =
        CompletableFuture.supplyAsync(() -> order("?wait=1m", image("b")));
    String id = Digest.ofText("b").hex().substring(0, 32);
    Awaitility.await().until(() -> server.scans.isWaited(id));
    server.scans.finish(id);
    assertThat(waiting.join().statusCode()).isEqualTo(200);
    assertThat(text(waiting.join())).contains("\"state\":\"DONE\"");
  }

  @Test
  void waitingEndsWithItsTime() {
    HttpResponse<byte[]> response = order("?wait=50ms", image("c"));
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(text(response)).contains("\"state\":\"QUEUED\"");
  }

  @Test
  void whatIsAnsweredIsNotWaitedForAnyMore() {
    assertThat(order("?wait=1ms", image("stuck")).statusCode()).isEqualTo(202);
    Awaitility.await().until(server.scans.stuck::isCancelled);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10", "s", "-1s", "1h", "10%20s", "99999999s", "1s&wait=2s", "1s&wiat=2s"})
  void aMalformedWaitIsRefused(String wait) {
    assertThat(order("?wait=" + wait, image("d")).statusCode()).isEqualTo(400);
    assertThat(server.scans.orders).noneMatch(o -> o.image().equals("d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "", "{\"image\":\"Bad\"}", "{\"image\":\"a\",\"force\":\"yes\"}"})
  void aMalformedOrderIsRefused(String body) {
    assertThat(order("", body).statusCode()).isEqualTo(400);
  }

  @Test
  void aBodyThatIsNoJsonByItsTypeIsRefused() {
    assertThat(
            server
                .post(
                    "/v1/scans",
                    image("a"),
                    "Authorization",
                    "Bearer " + TOKEN.token(),
                    "Content-Type",
                    "text/plain")
                .statusCode())
        .isEqualTo(415);
  }

  @Test
  void aFullQueueSaysWhenToComeAgain() {
    HttpResponse<byte[]> response = order("", image("full"));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(header(response, "Retry-After")).containsExactly("2");
    assertThat(text(response)).contains("urn:imgcompat:problem:queue-full", "7 scans are waiting");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000000000000000000000000000", "x", "..."})
  void aScanThatIsNotKnownIsNotFound(String id) {
    assertThat(server.get("/v1/scans/" + id).statusCode()).isEqualTo(404);
  }
}
