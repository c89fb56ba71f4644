package dev.imgcompat.service.web;

import static dev.imgcompat.service.web.ApiServer.header;
import static dev.imgcompat.service.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsTest {
  private static final String CHUNKED =
      String.join(
          "\r\n",
          "POST /v1/verdicts HTTP/1.1",
          "Host: a",
          "Transfer-Encoding: chunked",
          "Connection: close",
          "",
          "");

  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.with(Map.of("server.max-body", "2KB"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2",
        "/v1/verdict/",
        "/v1/Verdict",
        "/error",
        "/actuator",
        "/actuator/health",
        "/webjars/swagger-ui/5.34.1/index.html",
        "/docs/index.html",
        "/docs.html",
        "/index.html",
        "/favicon.ico"
      })
  void whatThereIsNotIsNotFound(String path) {
    HttpResponse<byte[]> response = server.get(path);
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(text(response)).contains("\"message\":", "\"instance\":\"" + path + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "DELETE", "OPTIONS", "PATCH", "NONSENSE"})
  void otherMethodsAreRefusedWithThoseThatThereAre(String method) {
    HttpResponse<byte[]> response =
        server.exchange(server.port(), method, "/v1/verdict?image=known:1", null);
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(header(response, "Allow")).containsExactly("GET, HEAD");
    assertThat(header(response, "Content-Type")).containsExactly("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1//verdict?image=a", "/v1/verdict;x=y?image=a", "/v1/%2e%2e/verdict"})
  void pathsThatMeanTwoThingsAreRefused(String path) throws Exception {
    assertThat(server.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .contains("HTTP/1.1 40", "application/problem+json", "\"message\":");
  }

  @Test
  void theSamePathInOtherLettersIsServedByTheSameRule() {
    assertThat(server.exchange(server.port(), "GET", "/v1/%76erdict?image=known:1", null))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
    assertThat(server.exchange(server.port(), "POST", "/v1/%73cans", "{}"))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET /v1/verdict?image={a} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/version HTTP/1.1\r\nConnection: close\r\n\r\n",
        "TRACE /v1/version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
      })
  void whatTheServerItselfRefusesIsAProblemToo(String request) throws Exception {
    assertThat(server.raw(request))
        .contains("HTTP/1.1 40", "application/problem+json", "\"message\":", "\"status\":40")
        .doesNotContain("<html", "Tomcat");
  }

  @Test
  void aHeadThatIsTooLargeIsAProblemToo() throws Exception {
    assertThat(
            server.raw(
                "GET /v1/version HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains(
            "application/problem+json",
            "\"message\":",
            "\"status\":431",
            "more than 8192 bytes (server.max-header)",
            "\"instance\":\"/v1/version\"");
  }

  @Test
  void aFirstLineThatIsTooLargeIsAProblemToo() throws Exception {
    assertThat(server.raw("GET /v1/verdict?image=" + "x".repeat(8170)))
        .startsWith("HTTP/1.1 414")
        .contains("application/problem+json", "more than 8192 bytes (server.max-header)");
  }

  @Test
  void aBodyThatSaysThatItIsTooLargeIsRefusedUnread() throws Exception {
    assertThat(
            server.raw("POST /v1/verdicts HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n\r\n"))
        .startsWith("HTTP/1.1 413")
        .contains("application/problem+json", "the body has more than 2048 bytes");
  }

  @Test
  void aBodyThatTurnsOutTooLargeIsRefused() throws Exception {
    String chunk = "800\r\n" + " ".repeat(0x800) + "\r\n";
    assertThat(server.raw(CHUNKED + chunk + chunk + "0\r\n\r\n"))
        .startsWith("HTTP/1.1 413")
        .contains("application/problem+json", "the body has more than 2048 bytes");
  }

  @Test
  void aChunkedBodyThatFitsIsRead() throws Exception {
    assertThat(server.raw(CHUNKED + "d\r\n{\"images\":[]}\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 200")
        .contains("{\"verdicts\":[]}");
  }

  @Test
  void aBodyWithWrongChunksIsRefused() throws Exception {
    assertThat(server.raw(CHUNKED + "zz\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json");
  }

  @Test
  void headersKeepBrowsersFromGuessing() {
    HttpResponse<byte[]> response = server.get("/v1/verdict?image=known:1");
    assertThat(header(response, "X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(header(response, "X-Frame-Options")).containsExactly("DENY");
    assertThat(header(response, "Pragma")).isEmpty();
    assertThat(header(response, "Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/verdict?image=known:1", "/v1/version", "/v1/exclusions"})
  void headersOfAnyBytesAreReadOrIgnored(String path) throws Exception {
    assertThat(
            server.raw(
                "GET "
                    + path
                    + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-\u00fcber: \u0080\r\n"
                    + "If-None-Match: \"\u0080\"\r\nUser-Agent: \u00ff\u0001\r\n\r\n"))
        .matches(answer -> answer.startsWith("HTTP/1.1 200") || answer.startsWith("HTTP/1.1 400"))
        .doesNotContain("\"id\":");
    assertThat(
            server.raw(
                "GET "
                    + path
                    + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    + "If-None-Match: \"\u0080\"\r\nUser-Agent: \u00ff\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void acceptOfTooManyTypesIsRefused() {
    assertThat(server.get("/v1/exclusions", "Accept", "a/b,".repeat(500) + "a/b").statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x=%zz", "%zz=1", "%=", "a%00b=%f", "_method=%zz", "access_token=%zz"})
  void anotherParameterThatIsBrokenDoesNotFailALookup(String other) throws Exception {
    String line = "GET /v1/verdict?image=known:1&" + other + " HTTP/1.1\r\n";
    assertThat(server.raw(line + "Host: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void aBrokenParameterThatIsNeededIsNamed() throws Exception {
    assertThat(
            server.raw(
                "GET /v1/verdict?image=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("the parameter 'image' of the query is wrongly encoded");
  }

  @Test
  void theManagementPortRefusesInTheSameWay() throws Exception {
    assertThat(
            server.raw(
                server.managementPort(),
                "GET /metrics?name[]=x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json", "\"message\":")
        .doesNotContain("<html");
  }

  @Test
  void theManagementPortHasNoneOfThisAndIsNotShut() {
    assertThat(server.exchange(server.managementPort(), "GET", "/actuator/health", null))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
    assertThat(server.exchange(server.managementPort(), "GET", "/v1/verdict?image=known:1", null))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(404);
  }
}
