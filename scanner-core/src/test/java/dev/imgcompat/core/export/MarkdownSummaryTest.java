package dev.imgcompat.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MarkdownSummaryTest {
  private static final String RUNTIME = "kata:3.19";
  private static final Pattern ELEMENT = Pattern.compile("<([a-z0-9]+)");
  private static final Pattern CODE = Pattern.compile("<code>[^<]*</code>");
  private static final List<String> OURS =
      List.of(
          "h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "br", "code", "details",
          "summary", "p", "ul", "li", "hr");

  @Test
  void itCountsAndTellsOfWhatNeedsAttention() throws ExportException {
    String text =
        text(
            ReportBuilder.on(RUNTIME)
                .compatible("alpine:3")
                .needsVsyscall("centos:6")
                .excluded("centos:5")
                .failed("nope:1")
                .build());
    assertThat(text)
        .startsWith("## imgcompat: 3 of 4 images need attention on `kata:3.19`\n")
        .contains("| `COMPATIBLE` | 1 |", "| `EXCLUDED` | 1 |", "| `UNKNOWN` | 1 |")
        .contains("| `centos:6 (linux/amd64)` | `NEEDS_KERNEL_PARAMS` | calls the vsyscall page |")
        .contains("`vsyscall=emulate` on kata 1.0–3.24 |")
        .doesNotContain("| `alpine:3");
    assertThat(text.indexOf("| `centos:5")).isLessThan(text.indexOf("| `centos:6"));
    assertThat(text.indexOf("| `centos:6")).isLessThan(text.indexOf("| `nope:1"));
  }

  @Test
  void detailsAreFolded() throws ExportException {
    assertThat(text(ReportBuilder.on(RUNTIME).excluded("centos:5").build()))
        .contains(
            "<details><summary><code>centos:5 (linux/amd64)</code> EXCLUDED</summary>\n\n",
            "- `ia32-program` (START, decides): 32-bit x86 programs\n",
            "  - Found: `/bin/sh`, ELF 32-bit, `EM_386`, in layer `sha256:",
            "\n</details>\n\n");
  }

  @Test
  void itSaysWhatItIsMadeOf() throws ExportException {
    assertThat(text(ReportBuilder.on(RUNTIME).excluded("centos:5").build()))
        .contains("newest scan `2026-11-01T12:00:00Z`, rules `sha256:0000");
  }

  @Test
  void whatTheGuestsHaveIsSaidToBeSo() throws ExportException {
    Report report = ReportBuilder.on(RUNTIME).compatible("a:1").slow("b:1").build();
    assertThat(text(report)).startsWith("## imgcompat: nothing needs attention on");
    assertThat(Exports.text(new MarkdownSummary(), Exports.WITH_ADVICE, report))
        .startsWith("## imgcompat: 1 of 2 images needs attention")
        .contains("| old rpm hangs for minutes | `init=/usr/bin/kata-agent`");
  }

  @Test
  void noImagesAreNoSuccess() throws ExportException {
    assertThat(text(ReportBuilder.on(RUNTIME).build())).startsWith("## imgcompat: no images on");
  }

  @Test
  void aCommentEndsAtTheBorderOfAnImageBeforeItGetsTooLong() throws ExportException {
    ReportBuilder report = ReportBuilder.on(RUNTIME).needsVsyscall("aaa:1");
    for (int i = 0; i < 2000; i++) {
      report.excluded("registry.example.org/some/team/application:" + i);
    }
    String text = text(report.build());
    assertThat(text.length()).isBetween(50_000, MarkdownSummary.MAX_LENGTH);
    assertThat(text).startsWith("## imgcompat: 2001 of 2001 images need attention");
    int rows = (int) text.lines().filter(l -> l.startsWith("| `registry")).count();
    int details = (int) text.lines().filter(l -> l.startsWith("<details>")).count();
    assertThat(rows).isPositive();
    assertThat(details).isPositive();
    assertThat(text)
        .contains((2001 - rows) + " images more that need attention are left out")
        .contains("Details of " + (2001 - details) + " images are left out")
        .doesNotContain("aaa:1");
    assertThat(text.lines().filter(l -> l.equals("</details>"))).hasSize(details);
    assertThat(text).endsWith("silence\n");
  }

  @Test
  void oneImageCannotFillTheComment() throws ExportException {
    String text =
        text(
            ReportBuilder.on(RUNTIME)
                .image(
                    "a:1",
                    Decision.EXCLUDED,
                    List.of(),
                    ReportBuilder.hostile("|`x".repeat(10_000)))
                .excluded("b:1")
                .build());
    assertThat(text).contains("<code>a:1 (linux/amd64)</code>", "<code>b:1 (linux/amd64)</code>");
    assertThat(text.length()).isLessThan(MarkdownSummary.MAX_LENGTH);
  }

  @Test
  void aPipeDoesNotEndACellAndABacktickNoCode() throws ExportException {
    String html =
        rendered(
            text(
                ReportBuilder.on(RUNTIME)
                    .failed("a:1", new ScanError("x", "b|c\\|`d``e", "user", false))
                    .build()));
    assertThat(html).contains("<td><code>b\\u007cc\\\\u007c`d``e</code></td>");
  }

  @ParameterizedTest
  @MethodSource("dev.imgcompat.core.testing.HostileTexts#all")
  void nothingOfStrangersIsRendered(String text) throws ExportException {
    String html =
        rendered(
            text(
                ReportBuilder.on(RUNTIME)
                    .image("a:1", Decision.EXCLUDED, List.of(), ReportBuilder.hostile(text))
                    .image(
                        "b:1",
                        Decision.NEEDS_KERNEL_PARAMS,
                        List.of(ReportBuilder.VSYSCALL),
                        ReportBuilder.hostile("word " + text + " word"))
                    .failed("c:1", new ScanError(text, text, text, true))
                    .build()));
    assertThat(ELEMENT.matcher(html).results().map(MatchResult::group).distinct())
        .isSubsetOf(OURS.stream().map(e -> "<" + e).toList());
    assertThat(html.split("<td>", -1)).hasSize(1 + 4 + 3 * 4);
    assertThat(html.split("<details>", -1)).hasSize(1 + 3);
    // GitHub looks for names, addresses, issues, commits and emoji outside of code.
    assertThat(CODE.matcher(html).replaceAll(""))
        .doesNotContainPattern("@|://|www\\.|#[0-9]|GH-|[0-9a-f]{7,}|:boom:|\\$|\\]\\(|alert");
  }

  private static String text(Report report) throws ExportException {
    return Exports.text(new MarkdownSummary(), ExportOptions.DEFAULT, report);
  }

  private static String rendered(String markdown) {
    List<Extension> extensions = List.of(TablesExtension.create(), AutolinkExtension.create());
    return HtmlRenderer.builder()
        .extensions(extensions)
        .build()
        .render(Parser.builder().extensions(extensions).build().parse(markdown));
  }
}
