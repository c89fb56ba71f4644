package dev.imgcompat.service.web;

import static dev.imgcompat.service.web.ApiServer.header;
import static dev.imgcompat.service.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.RouterSetup.Parameters;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListsEndpointTest {
  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.with(Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void quiet() {
    server.lists.warnings = List.of();
  }

  private static ExportOptions lastAsked() {
    return server.lists.asked.get(server.lists.asked.size() - 1);
  }

  @ParameterizedTest
  @EnumSource(ExportFormat.class)
  void everyFormatIsWhatTheCommandLineWrites(ExportFormat format) throws Exception {
    String expected =
        format.make(List.of(FakeLists.REPORT), ExportOptions.DEFAULT).files().get(0).text();
    for (String path : List.of("/v1/exclusions", "/v1/kernel-params")) {
      HttpResponse<byte[]> response = server.get(path + "?format=" + format.id());
      assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
      assertThat(text(response)).isEqualTo(expected);
      assertThat(header(response, "Content-Type"))
          .containsExactly(
              format.mediaType()
                  + (format.mediaType().startsWith("text/") ? ";charset=utf-8" : ""));
      assertThat(header(response, "Imgcompat-Revision")).containsExactly("3");
      assertThat(header(response, "Cache-Control")).containsExactly("no-cache");
      assertThat(header(response, "Content-Disposition"))
          .singleElement()
          .asString()
          .startsWith("inline; filename=\"");
    }
  }

  @Test
  void aListThatIsKnownIsNotSentAgain() {
    String tag = header(server.get("/v1/exclusions"), "ETag").get(0);
    HttpResponse<byte[]> again = server.get("/v1/exclusions", "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(header(again, "Imgcompat-Revision")).containsExactly("3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/exclusions|application/json|application/json",
        "/v1/exclusions|*/*|application/json",
        "/v1/exclusions|text/csv, application/json;q=0.5|text/csv;charset=utf-8",
        "/v1/exclusions|text/html,application/xhtml+xml,*/*;q=0.8|text/html;charset=utf-8",
        "/v1/exclusions|application/json;q=0, text/*|text/plain;charset=utf-8",
        "/v1/kernel-params|application/json|application/json"
      })
  void theFormatFollowsFromWhatIsAccepted(String path, String accept, String type) {
    HttpResponse<byte[]> response = server.get(path, "Accept", accept);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).containsExactly(type);
    assertThat(header(response, "Vary")).contains("Accept");
  }

  @Test
  void theUsualFormatComesFirst() throws Exception {
    assertThat(text(server.get("/v1/kernel-params", "Accept", "application/json")))
        .isEqualTo(text(server.get("/v1/kernel-params?format=kernel-params")))
        .isNotEqualTo(text(server.get("/v1/exclusions")));
  }

  @Test
  void whatCannotBeAcceptedIsAnsweredWithWhatThereIs() {
    HttpResponse<byte[]> response = server.get("/v1/exclusions", "Accept", "image/png");
    assertThat(response.statusCode()).isEqualTo(406);
    assertThat(text(response)).contains("{\"id\":\"sarif\",\"mediaType\":");
    assertThat(server.get("/v1/exclusions", "Accept", "///").statusCode()).isEqualTo(400);
  }

  @Test
  void optionsAreThoseOfTheCommandLine() {
    server.get(
        "/v1/exclusions?format=screwdriver&unknown=allow&guest-has-params&with-advice=true"
            + "&default-registry=r.example&executor=a&plugin=b&fallback=c&fallback-plugin=d"
            + "&kernel-params=true&params-by=runtime-class&runtime-class=kata-x"
            + "&runtime=kata:3.19&platform=all");
    ExportOptions asked = lastAsked();
    assertThat(asked.runtime()).contains("kata:3.19");
    assertThat(asked.platforms().wanted()).isEmpty();
    assertThat(asked.excludeUnknown()).isFalse();
    assertThat(asked.guestHasParams()).isTrue();
    assertThat(asked.withAdvice()).isTrue();
    assertThat(asked.router().defaultRegistry()).contains("r.example");
    assertThat(asked.router().executor()).isEqualTo("a");
    assertThat(asked.router().plugin()).contains("b");
    assertThat(asked.router().fallback()).isEqualTo("c");
    assertThat(asked.router().fallbackPlugin()).contains("d");
    assertThat(asked.router().parameters()).isEqualTo(Parameters.RUNTIME_CLASS);
    assertThat(asked.guests().runtimeClass()).isEqualTo("kata-x");

    server.get(
        "/v1/exclusions?format=runtimeclass&node-selector=a=b&node-selector=c=d&overhead=cpu=1");
    assertThat(lastAsked().guests().nodeSelector()).isEqualTo(Map.of("a", "b", "c", "d"));
    assertThat(lastAsked().guests().overhead()).isEqualTo(Map.of("cpu", "1"));

    server.get("/v1/exclusions?format=kata-dropin&hypervisor=clh&keep-param=a&keep-param=b");
    assertThat(lastAsked().guests().hypervisor()).isEqualTo("clh");
    assertThat(lastAsked().guests().keptParams()).containsExactly("a", "b");

    server.get("/v1/exclusions?format=kyverno&fallback-runtime-class=runc");
    assertThat(lastAsked().guests().fallbackClass()).contains("runc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "format=none",
        "unkown=allow",
        "hypervisor=qemu",
        "unknown=perhaps",
        "guest-has-params=yes",
        "format=screwdriver&executor=same&fallback=same",
        "format=screwdriver&params-by=hand",
        "format=screwdriver&with-advice",
        "format=runtimeclass&node-selector=x",
        "platform=x"
      })
  void aMalformedOrUnheededOptionIsRefused(String query) {
    HttpResponse<byte[]> response = server.get("/v1/exclusions?" + query);
    assertThat(response.statusCode()).isEqualTo(400);
  }

  @Test
  void typosAreNamedWithWhatThereIs() {
    assertThat(text(server.get("/v1/exclusions?unkown=allow&typo")))
        .contains("no parameter 'typo', 'unkown' here; there are default-registry, format");
  }

  @Test
  void aListThatCannotBeMadeSaysWhy() {
    HttpResponse<byte[]> response = server.get("/v1/exclusions?runtime=kata:3.20");
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(text(response)).contains("urn:imgcompat:problem:list-not-possible");
  }

  @Test
  void warningsAreSafeAndBounded() {
    server.lists.warnings = Collections.nCopies(40, "café\r\nX: y" + "z".repeat(500));
    List<String> warnings = header(server.get("/v1/exclusions"), "Imgcompat-Warning");
    assertThat(warnings).hasSize(11);
    assertThat(warnings.get(0)).startsWith("caf???X: y").hasSize(300);
    assertThat(warnings.get(10)).isEqualTo("and 30 more");
  }

  @Test
  void pagesMayNotBeFramed() {
    assertThat(header(server.get("/v1/exclusions?format=html"), "Content-Security-Policy"))
        .singleElement()
        .asString()
        .contains("frame-ancestors 'none'");
  }

  @Test
  void theReportIsWhatListsAreMadeOf() {
    HttpResponse<byte[]> response = server.get("/v1/report");
    assertThat(text(response)).contains("\"schemaVersion\" : 1");
    assertThat(server.get("/v1/report?x=y").statusCode()).isEqualTo(400);
  }

  @Test
  void theGuardIsShown() {
    assertThat(text(server.get("/v1/lists"))).contains("\"revision\":", "12 of 20 entries");
  }
}
