package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TagReportsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final Digest IMAGE = Digest.ofText("image");
  private static final Digest INDEX = Digest.ofText("index");
  private static final String TAG = "registry.corp/team/app:1";
  private static final ScanError UNAVAILABLE =
      new ScanError("registry-unavailable", "no answer", "registry", true);
  private static final ScanError DAMAGED =
      new ScanError("damaged", "a layer ends too early", "image-author", false);

  private final Map<Digest, ImageReport> kept = new HashMap<>();
  private final TagReports reports =
      new TagReports(
          digest -> Optional.ofNullable(kept.get(digest)),
          List.of("kata", "gvisor"),
          NOW,
          Duration.ofDays(7));

  /** A report on the image, as it was found by another tag, and what it is in short. */
  private TagOutcome excluded() {
    ImageReport report =
        ReportBuilder.on("kata")
            .digest(IMAGE)
            .excluded("registry.corp/other:9")
            .build()
            .images()
            .get(0);
    kept.put(IMAGE, report);
    return TagOutcome.of(report);
  }

  private static TagOutcome failed(ScanError why) {
    return TagOutcome.of(
        ReportBuilder.on("kata").failed("registry.corp/other:9", why).build().images().get(0));
  }

  private static TagRecord tag(
      Digest digest,
      List<TagOutcome> outcomes,
      Optional<ScanError> failure,
      Optional<Instant> broken,
      Optional<Instant> gone) {
    return new TagRecord(
        TAG, 2, NOW, Optional.of(digest), "basis", outcomes, failure, broken, gone, List.of());
  }

  private static TagRecord tag(Digest digest, TagOutcome... outcomes) {
    return tag(digest, List.of(outcomes), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private ImageReport only(TagRecord tag) {
    assertThat(reports.of(tag)).hasSize(1);
    ImageReport report = reports.of(tag).get(0);
    assertThat(report.reference()).isEqualTo(TAG);
    assertThat(report.canonical()).isEqualTo(TAG);
    return report;
  }

  @Test
  void theReportOfAnotherTagIsThatOfThisOne() {
    ImageReport report = only(tag(IMAGE, excluded()));

    assertThat(report.digest()).contains(IMAGE);
    assertThat(report.indexDigest()).isEmpty();
    assertThat(report.verdicts()).isEqualTo(kept.get(IMAGE).verdicts());
    assertThat(report.scannedAt()).isEqualTo(kept.get(IMAGE).scannedAt());
    assertThat(report.notes()).isEmpty();
  }

  @Test
  void theIndexIsTheOneThatThisTagNames() {
    assertThat(only(tag(INDEX, excluded())).indexDigest()).contains(INDEX);
  }

  @Test
  void everyImageOfAnIndexIsThereAlsoThoseThatFailed() {
    List<ImageReport> all =
        reports.of(
            tag(
                INDEX,
                List.of(excluded(), failed(DAMAGED)),
                Optional.of(DAMAGED),
                Optional.of(NOW),
                Optional.empty()));

    assertThat(all).hasSize(2);
    assertThat(all.get(0).error()).isEmpty();
    assertThat(all.get(0).notes()).isEmpty();
    assertThat(all.get(1).error()).contains(DAMAGED);
    assertThat(all.get(1).verdicts())
        .extracting(v -> v.runtime())
        .containsExactly("kata", "gvisor");
  }

  @Test
  void aRegistryThatDoesNotAnswerLeavesWhatIsKnown() {
    ImageReport report =
        only(
            tag(
                IMAGE,
                List.of(excluded()),
                Optional.of(UNAVAILABLE),
                Optional.empty(),
                Optional.empty()));

    assertThat(report.verdicts().get(0).decision()).isEqualTo(Decision.EXCLUDED);
    assertThat(report.error()).isEmpty();
    assertThat(report.notes())
        .containsExactly(
            "it could not be looked at on 2026-03-01T12:00:00Z (no answer): this is what was known"
                + " on 2026-11-01T12:00:00Z");
  }

  @Test
  void aTagThatNamesABrokenImageNowIsNotWhatItWas() {
    ImageReport report =
        only(
            tag(
                Digest.ofText("broken"),
                List.of(excluded()),
                Optional.of(DAMAGED),
                Optional.of(NOW),
                Optional.empty()));

    assertThat(report.error()).contains(DAMAGED);
    assertThat(report.digest()).isEmpty();
    assertThat(report.scannedAt()).isEqualTo("2026-03-01T12:00:00Z");
    assertThat(report.verdicts())
        .allSatisfy(v -> assertThat(v.decision()).isEqualTo(Decision.UNKNOWN));
  }

  @Test
  void aTagThatIsGoneCountsForAWhileAndThenNoMore() {
    ImageReport report = only(gone(NOW.minus(Duration.ofDays(6))));

    assertThat(report.verdicts().get(0).decision()).isEqualTo(Decision.EXCLUDED);
    assertThat(report.notes())
        .containsExactly(
            "the registry has it no more since 2026-02-23T12:00:00Z; it counts until"
                + " 2026-03-02T12:00:00Z");
    assertThat(reports.of(gone(NOW.minus(Duration.ofDays(8))))).isEmpty();
  }

  private TagRecord gone(Instant since) {
    return tag(
        IMAGE,
        List.of(excluded()),
        Optional.of(new ScanError("not-found", "no such tag", "user", false)),
        Optional.empty(),
        Optional.of(since));
  }

  @Test
  void whatWasLostIsUnknownAndSaysSo() {
    TagOutcome outcome = excluded();
    kept.clear();

    ImageReport report = only(tag(IMAGE, outcome));

    assertThat(report.error().orElseThrow().kind()).isEqualTo("not-kept");
    assertThat(report.error().orElseThrow().message()).contains("--restart");
  }
}
