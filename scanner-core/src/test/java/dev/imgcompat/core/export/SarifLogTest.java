package dev.imgcompat.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SarifLogTest {
  private static final String RUNTIME = "kata:3.19";

  @Test
  void everyFindingOfAnImageIsAResult() throws ExportException {
    JsonNode results = results(ReportBuilder.on(RUNTIME).needsVsyscallAndIsSlow("centos:6.8"));
    assertThat(results.findValuesAsString("ruleId"))
        .containsExactly("vsyscall-glibc", "rpm-descriptor-loop");
    assertThat(results.get(0).at("/message/text").asString())
        .startsWith("centos:6.8 (linux/amd64) needs vsyscall=emulate on kata:3.19: ")
        .contains("/lib64/libc-2.12.so", "2 call sites", "What helps: vsyscall=emulate");
  }

  @Test
  void whatExcludesIsAnErrorAndWhatHasARemedyAWarning() throws ExportException {
    JsonNode results =
        results(ReportBuilder.on(RUNTIME).excluded("a:1").needsVsyscall("b:1").slow("c:1"));
    assertThat(results.findValuesAsString("level")).containsExactly("error", "warning", "warning");
  }

  @Test
  void whatTheGuestsHaveAlreadyIsANote() throws ExportException {
    JsonNode run =
        run(ReportBuilder.on(RUNTIME).needsVsyscall("b:1").build(), Exports.GUESTS_HAVE_PARAMS);
    assertThat(run.path("results").findValuesAsString("level")).containsExactly("note");
  }

  @Test
  void aFindingThatInformsIsANote() throws ExportException {
    Finding informs =
        new Finding(
            "x",
            Scope.INERT,
            Effect.DECIDES,
            false,
            "x",
            List.of(),
            0,
            List.of(),
            List.of(),
            List.of());
    JsonNode results =
        results(ReportBuilder.on(RUNTIME).image("a:1", Decision.COMPATIBLE, List.of(), informs));
    assertThat(results.findValuesAsString("level")).containsExactly("note");
  }

  @Test
  void anImageThatCouldNotBeScannedIsAnError() throws ExportException {
    JsonNode run = run(ReportBuilder.on(RUNTIME).compatible("a:1").failed("b:1").build());
    JsonNode notification = run.at("/invocations/0/toolExecutionNotifications/0");
    assertThat(notification.path("level").asString()).isEqualTo("error");
    assertThat(notification.at("/descriptor/id").asString()).isEqualTo("not-found");
    assertThat(notification.at("/message/text").asString())
        .contains("b:1 was not scanned", "the registry knows no such image", "whoever asked");
    JsonNode result = run.at("/results/0");
    assertThat(result.path("ruleId").asString()).isEqualTo("not-scanned");
    assertThat(result.path("level").asString()).isEqualTo("error");
  }

  @Test
  void adviceDoesNotSayThatTheImageNeedsAnything() throws ExportException {
    JsonNode run = run(ReportBuilder.on(RUNTIME).needsVsyscallAndIsSlow("centos:6.8").build());
    for (JsonNode result : run.path("results").values()) {
      boolean advice = result.path("ruleId").asString().equals("rpm-descriptor-loop");
      assertThat(result.at("/message/text").asString().contains("needs vsyscall=emulate"))
          .isEqualTo(!advice);
    }
  }

  @Test
  void failuresOfAWholeRegistryAreCounted() throws ExportException {
    ReportBuilder report = ReportBuilder.on(RUNTIME);
    for (int i = 0; i < 250; i++) {
      report.failed("gone:" + i);
    }
    JsonNode run = run(report.build());
    JsonNode notifications = run.at("/invocations/0/toolExecutionNotifications");
    assertThat(run.path("results")).hasSize(250);
    assertThat(notifications).hasSize(101);
    assertThat(notifications.path(100).at("/message/text").asString()).startsWith("150 more");
  }

  @Test
  void aScanThatIsNotWholeIsAnError() throws ExportException {
    JsonNode run = run(ReportBuilder.on(RUNTIME).image("a:1", Decision.UNKNOWN, List.of()).build());
    assertThat(run.at("/results/0/ruleId").asString()).isEqualTo("not-scanned");
    assertThat(run.at("/results/0/level").asString()).isEqualTo("error");
  }

  @Test
  void noRunIsCalledAFailureSinceGitHubMayRefuseItWhole() throws ExportException {
    JsonNode run =
        run(ReportBuilder.on(RUNTIME).compatible("a:1").excluded("b:1").failed("c:1").build());
    assertThat(run.at("/invocations/0/executionSuccessful").asBoolean()).isTrue();
    assertThat(run.at("/invocations/0/endTimeUtc").asString()).isEqualTo("2026-11-01T12:00:00Z");
  }

  @Test
  void everyResultPointsAtItsRule() throws ExportException {
    JsonNode run =
        run(
            ReportBuilder.on(RUNTIME)
                .failed("c:1")
                .excluded("a:1")
                .needsVsyscallAndIsSlow("b:1")
                .build());
    JsonNode rules = run.at("/tool/driver/rules");
    assertThat(run.path("results").size()).isEqualTo(4);
    for (JsonNode result : run.path("results")) {
      JsonNode rule = rules.get(result.path("ruleIndex").asInt());
      assertThat(rule.path("id")).isEqualTo(result.path("ruleId"));
      assertThat(rule.at("/shortDescription/text").asString()).isNotEmpty();
      assertThat(rule.at("/help/text").asString()).isNotEmpty();
    }
    assertThat(rules.get(0).path("helpUri").asString()).startsWith("https://");
  }

  @Test
  void filesAreRelativeAddressesWithoutAScheme() throws ExportException {
    JsonNode results = results(ReportBuilder.on(RUNTIME).excluded("localhost:5000/team/app:1.0"));
    JsonNode location = results.at("/0/locations/0/physicalLocation");
    String uri = location.at("/artifactLocation/uri").asString();
    assertThat(uri).isEqualTo("localhost%3A5000/team/app%3A1.0/bin/sh");
    assertThat(URI.create(uri).getScheme()).isNull();
    assertThat(location.at("/region/startLine").asInt()).isEqualTo(1);
    assertThat(results.at("/0/locations/0/logicalLocations/0/fullyQualifiedName").asString())
        .isEqualTo("localhost:5000/team/app:1.0");
  }

  @Test
  void aRebuiltImageKeepsItsFingerprints() throws ExportException {
    String before =
        fingerprint(ReportBuilder.on("kata:3.19").at("2026-01-01T00:00:00Z").excluded("a:1"));
    String after =
        fingerprint(
            ReportBuilder.on("kata:3.20")
                .at("2026-02-01T00:00:00Z")
                .digest(ReportBuilder.digestOf("anew"))
                .excluded("docker.io/library/a:1"));
    assertThat(after).isEqualTo(before);
    assertThat(fingerprint(ReportBuilder.on(RUNTIME).excluded("a:2"))).isNotEqualTo(before);
    assertThat(fingerprint(ReportBuilder.on(RUNTIME).platform("linux/386").excluded("a:1")))
        .isNotEqualTo(before);
    assertThat(fingerprint(ReportBuilder.on(RUNTIME).needsVsyscall("a:1"))).isNotEqualTo(before);
  }

  @Test
  void twoFindingsOfARuleHaveTwoFingerprints() throws ExportException {
    JsonNode results =
        results(
            ReportBuilder.on(RUNTIME)
                .image(
                    "a:1",
                    Decision.EXCLUDED,
                    List.of(),
                    ReportBuilder.program32(),
                    ReportBuilder.program32()));
    assertThat(results.findValuesAsString("primaryLocationLineHash")).doesNotHaveDuplicates();
  }

  @Test
  void propertiesSayWhatTheRunIsMadeOf() throws ExportException {
    JsonNode run = run(ReportBuilder.on(RUNTIME).excluded("a:1").failed("b:1").build());
    JsonNode properties = run.path("properties");
    assertThat(properties.path("runtime").asString()).isEqualTo(RUNTIME);
    assertThat(properties.path("rules").asString()).startsWith("sha256:");
    assertThat(properties.path("newestScan").asString()).isEqualTo("2026-11-01T12:00:00Z");
    assertThat(properties.path("images.EXCLUDED").asString()).isEqualTo("1");
    assertThat(run.at("/tool/driver/version").asString()).isEqualTo("1");
  }

  @Test
  void whatGitHubWouldRefuseIsLeftOutTheLeastImportantFirst() throws ExportException, IOException {
    ReportBuilder report = ReportBuilder.on(RUNTIME);
    Finding[] many = new Finding[300];
    Arrays.fill(many, ReportBuilder.oldRpm());
    for (int i = 0; i < 100; i++) {
      report.image("app:" + i, Decision.COMPATIBLE, List.of(), many);
    }
    report.excluded("zoo:1");
    String text = text(report.build(), ExportOptions.DEFAULT);
    JsonNode run = JsonMapper.shared().readTree(text).at("/runs/0");
    assertThat(run.path("results").size()).isEqualTo(SarifLog.MAX_RESULTS);
    assertThat(run.at("/results/0/message/text").asString()).startsWith("zoo:1");
    assertThat(run.at("/invocations/0/toolExecutionNotifications/0/message/text").asString())
        .contains("30001 results", "5001 are left out");
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(compressed.size()).isLessThan(10_000_000);
  }

  @ParameterizedTest
  @MethodSource("dev.imgcompat.core.testing.HostileTexts#all")
  void noTextOfStrangersBecomesALinkOrAnAddress(String text) throws ExportException {
    JsonNode results =
        results(
            ReportBuilder.on(RUNTIME)
                .image("a:1", Decision.EXCLUDED, List.of(), ReportBuilder.hostile(text)));
    JsonNode result = results.get(0);
    // Every bracket has a backslash of its own: an odd number of them before it.
    assertThat(result.at("/message/text").asString().replace("\\\\", ""))
        .doesNotContainPattern("(?<!\\\\)[\\[\\]]");
    String uri = result.at("/locations/0/physicalLocation/artifactLocation/uri").asString();
    assertThat(uri).matches("docker\\.io/library/a%3A1[A-Za-z0-9._~%/-]*+");
    assertThat(URI.create(uri).normalize()).hasToString(uri);
    assertThat(result.toString()).doesNotContainPattern("[\\p{Cntrl}\u202e\u200b\ufffe\uffff]");
  }

  @Test
  void theSameReportsGiveTheSameBytes() throws ExportException {
    Report one = ReportBuilder.on(RUNTIME).excluded("a:1").build();
    Report two = ReportBuilder.on(RUNTIME).failed("b:1").needsVsyscall("c:1").build();
    assertThat(Exports.text(new SarifLog(), ExportOptions.DEFAULT, one, two))
        .isEqualTo(Exports.text(new SarifLog(), ExportOptions.DEFAULT, two, one));
  }

  private static String fingerprint(ReportBuilder report) throws ExportException {
    return results(report).at("/0/partialFingerprints/primaryLocationLineHash").asString();
  }

  private static JsonNode results(ReportBuilder report) throws ExportException {
    return run(report.build()).path("results");
  }

  private static JsonNode run(Report report) throws ExportException {
    return run(report, ExportOptions.DEFAULT);
  }

  private static JsonNode run(Report report, ExportOptions options) throws ExportException {
    return JsonMapper.shared().readTree(text(report, options)).at("/runs/0");
  }

  private static String text(Report report, ExportOptions options) throws ExportException {
    return Exports.text(new SarifLog(), options, report);
  }
}
