package dev.imgcompat.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HtmlPageTest {
  private static final String RUNTIME = "kata:3.19";
  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  @Test
  void theWorstImagesComeFirst() throws ExportException {
    String page =
        page(
            ReportBuilder.on(RUNTIME)
                .compatible("a:1")
                .failed("b:1")
                .needsVsyscall("c:1")
                .excluded("d:1")
                .build());
    assertThat(Pattern.compile("data-decision=\"(\\w+)\"").matcher(page).results())
        .extracting(r -> r.group(1))
        .containsExactly("EXCLUDED", "NEEDS_KERNEL_PARAMS", "UNKNOWN", "COMPATIBLE");
  }

  @Test
  void aFindingIsShownWithEvidenceRemediesAndReferences() throws ExportException {
    assertThat(page(ReportBuilder.on(RUNTIME).needsVsyscall("centos:6").build()))
        .contains(
            "calls the vsyscall page",
            "<code class=\"path\">/lib64/libc-2.12.so</code>",
            "2 call sites",
            ReportBuilder.digestOf("layer").value(),
            "<li>vsyscall&#x3D;emulate on kata 1.0–3.24</li>",
            "<a href=\"https://example.org/vsyscall-glibc\" rel=\"noopener noreferrer\">");
  }

  @Test
  void aFailureIsShownWithWhoseMoveItIs() throws ExportException {
    assertThat(page(ReportBuilder.on(RUNTIME).failed("nope:1").build()))
        .contains(
            "<code>not-found</code>",
            "the registry knows no such image",
            "It is the move of whoever asked for the image; another try comes to the same.");
  }

  @Test
  void thePolicyAllowsItsOwnStyleAndScriptAndNothingElse() throws Exception {
    String page = page(ReportBuilder.on(RUNTIME).excluded("a:1").build());
    String policy =
        between(page, "Content-Security-Policy\" content=\"", "\"")
            .replace("&#39;", "'")
            .replace("&#x3D;", "=");
    assertThat(policy)
        .isEqualTo(
            "default-src 'none'; style-src '"
                + hash(between(page, "<style>", "</style>"))
                + "'; script-src '"
                + hash(between(page, "<script>", "</script>"))
                + "'; base-uri 'none'; form-action 'none'");
  }

  @Test
  void itTellsWhatItIsMadeOf() throws ExportException {
    assertThat(page(ReportBuilder.on(RUNTIME).excluded("a:1").compatible("b:1").build()))
        .contains("1 EXCLUDED", "newest scan 2026-11-01T12:00:00Z, rules sha256:000");
  }

  @Test
  void aPageWithoutImagesSaysSo() throws ExportException {
    assertThat(page(ReportBuilder.on(RUNTIME).build()))
        .contains("There are no images in these reports.")
        .doesNotContain("id=\"filter\"");
  }

  @ParameterizedTest
  @MethodSource("dev.imgcompat.core.testing.HostileTexts#all")
  void textsOfStrangersAddNoTagAndNoAttribute(String text) throws ExportException {
    String hostile = page(hostile(text));
    String tame = page(hostile("tame"));
    // What is empty is left out.
    assertThat(tags(tame)).containsSubsequence(tags(hostile));
    assertThat(hostile).doesNotContain("\u202e", "\u0000", "href=\"javascript");
  }

  @Test
  void onlyAddressesOfTheWebAreLinks() throws ExportException {
    Matcher links =
        Pattern.compile("<a href=\"([^\"]*)\"").matcher(page(hostile("data:text/html,x")));
    assertThat(links.results()).extracting(r -> r.group(1)).containsOnly("https://example.org/");
  }

  @Test
  void theSameReportsGiveTheSameBytes() throws ExportException {
    Report one = ReportBuilder.on(RUNTIME).excluded("a:1").build();
    Report two = ReportBuilder.on(RUNTIME).failed("b:1").needsVsyscall("c:1").build();
    assertThat(Exports.text(new HtmlPage(), ExportOptions.DEFAULT, one, two))
        .isEqualTo(Exports.text(new HtmlPage(), ExportOptions.DEFAULT, two, one));
  }

  private static Report hostile(String text) {
    return ReportBuilder.on(RUNTIME)
        .image("a:1", Decision.EXCLUDED, List.of(), ReportBuilder.hostile(text))
        .failed("b:1", new ScanError(text, text, text, true))
        .build();
  }

  /** Every tag; but a text that is empty shows nothing, and one that is an address is a link. */
  private static List<String> tags(String page) {
    return TAG.matcher(page)
        .results()
        .map(MatchResult::group)
        .filter(t -> !t.startsWith("<a ") && !t.equals("</a>") && !t.contains("class=\"why\""))
        .toList();
  }

  private static String page(Report report) throws ExportException {
    return Exports.text(new HtmlPage(), ExportOptions.DEFAULT, report);
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  private static String hash(String text) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(hash);
  }
}
