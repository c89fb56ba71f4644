package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.ChangedTag;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.SweepSummary.FailureCause;
import dev.imgcompat.core.sweep.SweepSummary.LayerBlame;
import dev.imgcompat.core.sweep.SweepSummary.RepositoryResult;
import dev.imgcompat.core.sweep.SweepSummary.Unlisted;
import dev.imgcompat.core.sweep.state.TagChange.Kind;
import dev.imgcompat.core.verdict.Decision;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweepTextTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Digest LAYER = Digest.ofText("layer");

  private static SweepSummary summary(End end, boolean mayShrink, String text) {
    return new SweepSummary(
        "corp",
        3,
        START,
        START.plusSeconds(3725),
        end,
        new SweepProgress(
            START,
            12_345,
            false,
            OptionalLong.empty(),
            0,
            12_000,
            200,
            140,
            5,
            37,
            2113,
            3L << 30,
            Map.of()),
        "kata",
        Map.of(Decision.COMPATIBLE, 12_000L, Decision.EXCLUDED, 340L, Decision.UNKNOWN, 5L),
        230,
        List.of(
            new RepositoryResult(
                "registry.corp/team/" + text,
                Map.of(Decision.EXCLUDED, 300L, Decision.COMPATIBLE, 12L)),
            new RepositoryResult("registry.corp/fine", Map.of(Decision.COMPATIBLE, 12L))),
        Map.of(Kind.NEW, 1200L, Kind.DECISION, 1L),
        List.of(
            new ChangedTag(
                "registry.corp/a:" + text,
                Kind.DECISION,
                Optional.of(Decision.COMPATIBLE),
                Optional.of(Decision.EXCLUDED)),
            new ChangedTag(
                "registry.corp/b:1", Kind.GONE, Optional.of(Decision.EXCLUDED), Optional.empty())),
        List.of(
            new FailureCause("access-denied", "user", 5, "registry.corp/s:1", "it wants " + text)),
        List.of(
            new LayerBlame(
                LAYER,
                412,
                17,
                "ia32-program",
                Optional.of("/bin/" + text),
                "registry.corp/old:6")),
        List.of(
            new Unlisted(
                "repository registry.corp/" + text, "registry-unavailable", "registry", "500")),
        1,
        mayShrink);
  }

  private static String print(SweepSummary summary, Optional<String> report) {
    StringWriter out = new StringWriter();
    new SweepText(new PrintWriter(out), false, report).end(summary);
    return out.toString();
  }

  @Test
  void theSummarySaysWhatAnOperatorCanActOn() {
    assertThat(print(summary(End.INCOMPLETE, false, "x"), Optional.empty()))
        .startsWith(
            """
            corp, sweep 3: 12,345 tags looked at in 1 h 2 min; not everything could be listed
              12,000 unchanged, 200 with an image that is known from another tag, 140 scanned, 5 failed
              37 layers pulled (3.0 GiB), 2,113 needed that were known already

            Decisions for kata
                 12,000  COMPATIBLE
                    340  EXCLUDED
                      5  UNKNOWN

            Repositories with most tags that do not run as they are
              registry.corp/team/x: 300 EXCLUDED of 312

            What changed since the sweep before
              1,200 new, 1 with another decision
              registry.corp/a:x  COMPATIBLE -> EXCLUDED
              registry.corp/b:1  gone: EXCLUDED

            Failures
              5 tags: access-denied; you can do something about it: names, options, credentials
                registry.corp/s:1: it wants x

            Layers that cause most exclusions
              layer %s makes 412 images in 17 repositories EXCLUDED (ia32-program: /bin/x), such as registry.corp/old:6

            Not listed
              repository registry.corp/x: 500; whoever runs the registry can do something about it

            Next
            """
                .formatted(LAYER.abbreviated()))
        .contains("--max-removals", "--json report.json", "imgcompat scan --explain");
  }

  @Test
  void theNextStepNamesTheReportThatThereIs() {
    String text = print(summary(End.COMPLETE, true, "x"), Optional.of("r.json"));

    assertThat(text)
        .contains("imgcompat export exclusions --write exclusions.json r.json")
        .doesNotContain("--max-removals", "--json report.json");
  }

  @Test
  void nothingOfStrangersSteersTheTerminal() {
    String text = print(summary(End.INCOMPLETE, true, "\u001b[2J\n\u202e"), Optional.of("\u001b"));

    assertThat(text).contains("\\u001b[2J\\u000a\\u202e");
    assertThat(text.chars()).noneMatch(c -> c != '\n' && Character.isISOControl(c));
  }

  @Test
  void aSweepThatWasInterruptedHasNoSummary() {
    assertThat(print(summary(End.CANCELLED, false, "x"), Optional.empty())).isEmpty();
  }

  @Test
  void longListsAreShortAndSayHowMuchThereIs() {
    SweepSummary base = summary(End.COMPLETE, true, "x");
    SweepSummary many =
        new SweepSummary(
            base.plan(),
            base.run(),
            base.startedAt(),
            base.endedAt(),
            base.end(),
            base.progress(),
            base.runtime(),
            base.decisions(),
            9000,
            IntStream.range(0, 50)
                .mapToObj(i -> new RepositoryResult("r/" + i, Map.of(Decision.EXCLUDED, 1L)))
                .toList(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            0,
            true);

    assertThat(print(many, Optional.empty()))
        .contains("r/9: 1 EXCLUDED of 1\n  … 9,000 repositories in all\n")
        .doesNotContain("r/10:", "Failures", "What changed", "Not listed");
  }
}
