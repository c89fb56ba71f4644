package dev.imgcompat.service.web;

import static dev.imgcompat.service.web.ApiServer.header;
import static dev.imgcompat.service.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DocsEndpointTest {
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
  void theSpecificationIsTheCommittedFile() throws Exception {
    HttpResponse<byte[]> response = server.get("/openapi.yaml");
    assertThat(header(response, "Content-Type")).containsExactly("application/yaml");
    try (var in = DocsEndpointTest.class.getResourceAsStream("/openapi.yaml")) {
      assertThat(response.body()).isEqualTo(in.readAllBytes());
    }
    assertThat(
            server
                .get("/openapi.yaml", "If-None-Match", header(response, "ETag").get(0))
                .statusCode())
        .isEqualTo(304);
  }

  @Test
  void allThatThePageNeedsIsHere() {
    HttpResponse<byte[]> page = server.get("/docs");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Security-Policy").get(0))
        .contains("default-src 'self'")
        .doesNotContain("unsafe", "http");
    Matcher links = Pattern.compile("(?:href|src)=\"([^\"]*)\"").matcher(text(page));
    int count = 0;
    while (links.find()) {
      assertThat(server.get(links.group(1)).statusCode()).as(links.group(1)).isEqualTo(200);
      count++;
    }
    assertThat(count).isEqualTo(5);
    assertThat(text(page)).doesNotContain("<style", "<script>", "://");
  }

  @Test
  void theRootLeadsToThePage() {
    HttpResponse<byte[]> response = server.get("/");
    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(header(response, "Location")).containsExactly("/docs");
  }

  @Test
  void otherFilesAreNotServed() {
    assertThat(server.get("/docs/openapi.yaml").statusCode()).isEqualTo(404);
  }
}
