package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.testing.HostileTexts;
import dev.imgcompat.core.testing.NodeProject;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.testing.Tool;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The page for people in a real browser: what is there to see, and what the browser makes of it.
 */
class HtmlPageIT {
  private static final String RUNTIME = "kata:3.19";

  @TempDir Path directory;

  @BeforeAll
  static void needsABrowser() {
    Tool.assumeInstalled("chromium", "chromium");
  }

  @Test
  void everyFindingIsShownAndTheFilterNarrows() throws Exception {
    Report report =
        ReportBuilder.on(RUNTIME)
            .compatible("alpine:3.20")
            .slow("centos:7")
            .needsVsyscallAndIsSlow("centos:6.8")
            .excluded("centos:5")
            .failed("registry.example.org/nope:1")
            .build();
    JsonNode page = open(report, "/lib64/libc-2.12.so");

    assertThat(page.path("problems")).as("errors, requests, violations of the policy").isEmpty();
    assertThat(page.path("violations")).as("of WCAG 2.2 AA").isEmpty();
    assertThat(page.path("title").asString())
        .isEqualTo("Container images on kata:3.19 · imgcompat");
    assertThat(page.path("images").findValuesAsString("decision"))
        .containsExactly(
            "Excluded", "Needs kernel parameters", "Unknown", "Compatible", "Compatible");
    assertEverythingIsShown(report, page);
    assertThat(text(page, "registry.example.org/nope:1"))
        .contains("the registry knows no such image", "It is the move of whoever asked");
    assertThat(page.path("opensByKeyboard").asBoolean()).isTrue();
    assertThat(strings(page.path("filtered"))).containsExactly("centos:6.8");
    assertThat(page.path("status").asString()).isEqualTo("1 of 5 images");
    assertThat(strings(page.path("excluded"))).containsExactly("Excluded");
    assertThat(page.path("overflow").asInt()).as("pixels beyond a width of 360").isZero();
  }

  @Test
  void withoutScriptsEverythingCanBeOpened() throws Exception {
    Report report =
        ReportBuilder.on(RUNTIME).excluded("centos:5").needsVsyscall("centos:6.8").build();
    JsonNode page = open(report, "x").path("withoutScript");
    assertThat(page.path("filter").asBoolean()).isFalse();
    assertThat(strings(page.path("paths"))).containsExactly("/bin/sh", "/lib64/libc-2.12.so");
  }

  @Test
  void textsOfStrangersAreShownAsText() throws Exception {
    ReportBuilder builder = ReportBuilder.on(RUNTIME);
    List<String> texts = HostileTexts.all().toList();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      builder.image("app:" + i, Decision.EXCLUDED, List.of(), ReportBuilder.hostile(text));
      builder.failed("failed:" + i, new ScanError(text, text, text, true));
    }
    Report report = builder.build();
    JsonNode page = open(report, "alert");
    assertThat(page.path("problems")).isEmpty();
    assertThat(page.path("overflow").asInt()).isZero();
    assertEverythingIsShown(report, page);
    for (JsonNode image : page.path("images")) {
      assertThat(strings(image.path("elements"))).doesNotContain("script", "img", "h1", "style");
      assertThat(strings(image.path("links")))
          .allMatch(l -> l.startsWith("https://example.org/") || l.startsWith("https://evil"));
    }
  }

  @Test
  void aPageWithoutImagesIsAPage() throws Exception {
    JsonNode page = open(ReportBuilder.on(RUNTIME).build(), "x");
    assertThat(page.path("problems")).isEmpty();
    assertThat(page.path("violations")).isEmpty();
    assertThat(page.path("images")).isEmpty();
  }

  private JsonNode open(Report report, String word)
      throws ExportException, IOException, InterruptedException {
    NodeProject project = NodeProject.assumeInstalled();
    Path file = directory.resolve("page.html");
    Files.writeString(
        file,
        ExportFormat.of("html").make(List.of(report), ExportOptions.DEFAULT).files().get(0).text());
    return project.run("open-page.mjs", file.toString(), word);
  }

  /** Texts as a browser shows them: with one space where there are several. */
  private static void assertEverythingIsShown(Report report, JsonNode page) {
    assertThat(page.path("images").size()).isEqualTo(report.images().size());
    report
        .images()
        .forEach(
            image -> {
              String text = text(page, image.reference());
              for (Finding finding : image.verdicts().get(0).findings()) {
                assertThat(text).contains(shown(finding.summary()), finding.rule());
                for (Evidence evidence : finding.evidence()) {
                  assertThat(text).contains(shown(evidence.path()), shown(evidence.detail()));
                }
              }
              image.error().ifPresent(e -> assertThat(text).contains(shown(e.message())));
            });
  }

  private static String shown(String text) {
    return Printable.of(text).strip().replaceAll(" +", " ");
  }

  private static String text(JsonNode page, String reference) {
    for (JsonNode image : page.path("images")) {
      if (image.path("reference").asString().equals(reference)) {
        return image.path("text").asString();
      }
    }
    throw new AssertionError("the page does not show " + reference);
  }

  private static List<String> strings(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asString).toList();
  }
}
