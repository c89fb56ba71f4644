package dev.imgcompat.service.web;

import static dev.imgcompat.service.web.ApiServer.header;
import static dev.imgcompat.service.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictEndpointTest {
  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.with(Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void whatIsSettledMayBeKeptForAWhile() {
    HttpResponse<byte[]> response = server.get("/v1/verdict?image=known:1&runtime=kata:3.19");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).containsExactly("application/json");
    assertThat(header(response, "Cache-Control")).containsExactly("private, max-age=10");
    assertThat(header(response, "ETag")).singleElement().asString().startsWith("\"");
    assertThat(text(response)).contains("\"COMPATIBLE\"", "kata:3.19");
  }

  @ParameterizedTest
  @ValueSource(strings = {"new:1", "stale:1"})
  void whatIsUnknownOrStaleIsAskedForAgain(String image) {
    HttpResponse<byte[]> response = server.get("/v1/verdict?image=" + image);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Cache-Control")).containsExactly("no-cache");
  }

  @Test
  void aKnownTagIsNotSentAgain() {
    HttpResponse<byte[]> first = server.get("/v1/verdict?image=known:1");
    String tag = header(first, "ETag").get(0);
    for (String sent : new String[] {tag, "W/" + tag, "\"a,b\", " + tag, "*"}) {
      HttpResponse<byte[]> again = server.get("/v1/verdict?image=known:1", "If-None-Match", sent);
      assertThat(again.statusCode()).as(sent).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(header(again, "ETag")).containsExactly(tag);
      assertThat(header(again, "Cache-Control")).isEqualTo(header(first, "Cache-Control"));
    }
    assertThat(server.get("/v1/verdict?image=known:1", "If-None-Match", "\"other\"").statusCode())
        .isEqualTo(200);
  }

  @Test
  void whateverIsAcceptedTheAnswerIsJson() {
    HttpResponse<byte[]> response =
        server.get("/v1/verdict?image=known:1", "Accept", "application/xml;q=0.1");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).containsExactly("application/json");
    assertThat(server.get("/v1/verdict?image=known:1", "Accept", "///").statusCode())
        .isEqualTo(200);
  }

  @Test
  void headHasTheHeadersOnly() {
    HttpResponse<byte[]> response = server.send("HEAD", "/v1/verdict?image=known:1", null);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(header(response, "ETag")).hasSize(1);
  }

  @Test
  void parametersAreDecoded() {
    assertThat(text(server.get("/v1/verdict?image=r.example%3A5000%2Fa%3A1&x=y")))
        .contains("\"image\" : \"r.example:5000/a:1\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/verdict",
        "/v1/verdict?image=",
        "/v1/verdict?image=a&image=b",
        "/v1/verdict?image=a&platform=x&platform=y",
        "/v1/verdict?image=Malformed"
      })
  void aMalformedQuestionIsRefused(String path) {
    HttpResponse<byte[]> response = server.get(path);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).contains("\"message\"", "\"instance\":\"/v1/verdict\"");
  }

  @Test
  void wrongEncodingIsRefused() throws Exception {
    assertThat(
            server.raw(
                "GET /v1/verdict?image=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains(
            "application/problem+json",
            "\"message\":\"the parameter 'image' of the query is wrongly");
  }

  @Test
  void aDefectShowsNothingButAnId() {
    HttpResponse<byte[]> response = server.get("/v1/verdict?image=broken");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(text(response)).contains("\"id\":\"").doesNotContain("secret", "Exception");
  }

  @Test
  void manyAreAnsweredInOrder() {
    HttpResponse<byte[]> response =
        server.post(
            "/v1/verdicts",
            "{\"images\":[{\"image\":\"known:1\"},{\"image\":\"Bad\"},{\"image\":\"new:1\"}]}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response)).containsSubsequence("known:1", "'Bad' is not", "UNKNOWN", "new:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "nonsense"
      })
  void whateverTheContentTypeJsonIsRead(String type) {
    HttpResponse<byte[]> response =
        server.post("/v1/verdicts", "{\"images\":[{\"image\":\"known:1\"}]}", "Content-Type", type);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response)).contains("known:1");
  }

  @Test
  void fiveHundredAreAnsweredAndNotOneMore() {
    String one = "{\"image\":\"known:1\"}";
    assertThat(
            server
                .post(
                    "/v1/verdicts",
                    "{\"images\":[" + String.join(",", Collections.nCopies(500, one)) + "]}")
                .statusCode())
        .isEqualTo(200);
    HttpResponse<byte[]> more =
        server.post(
            "/v1/verdicts",
            "{\"images\":[" + String.join(",", Collections.nCopies(501, one)) + "]}");
    assertThat(more.statusCode()).isEqualTo(400);
    assertThat(text(more)).contains("501 images");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{}",
        "{\"images\":[{}]}",
        "{\"images\":[null]}",
        "{\"images\":[{\"image\":5}]}",
        "{\"images\":[],\"images\":[]}",
        "{\"images\":[]} trailing",
        "{\"images\":[{\"image\":\"a\",\"platfrom\":\"b\"}]}",
        "{\"images\":[[[[[[[[[[[[[[]]]]]]]]]]]]]]}"
      })
  void aBodyThatIsNotTheExpectedOneIsRefused(String body) {
    HttpResponse<byte[]> response = server.post("/v1/verdicts", body);
    assertThat(response.statusCode()).as(text(response)).isEqualTo(400);
  }

  @Test
  void unknownMembersAreNamed() {
    assertThat(text(server.post("/v1/verdicts", "{\"images\":[{\"image\":\"a\",\"platfrom\":1}]}")))
        .contains("'images[0].platfrom'");
  }
}
