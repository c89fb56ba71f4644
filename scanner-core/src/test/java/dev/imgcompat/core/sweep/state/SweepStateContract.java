package dev.imgcompat.core.sweep.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What everything that keeps the results of sweeps must do. */
public abstract class SweepStateContract {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final Digest IMAGE = Digest.ofText("image");
  private static final Digest INDEX = Digest.ofText("index");

  /** Returns the state that is tested, empty at first; the same for the whole of one test. */
  protected abstract SweepState state();

  private static String reference(String rest) {
    return "registry.example/" + rest;
  }

  private static TagRecord record(String reference, long run, Optional<Digest> digest) {
    return new TagRecord(
        reference,
        run,
        NOW,
        digest,
        "basis",
        List.of(TagOutcome.of(report(reference, Decision.EXCLUDED))),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(
            new TagChange(
                run, NOW, TagChange.Kind.NEW, digest, Map.of("kata", Decision.EXCLUDED))));
  }

  private static ImageReport report(String reference, Decision decision) {
    return new ImageReport(
        reference,
        reference,
        Optional.of(IMAGE),
        Optional.of(INDEX),
        Optional.empty(),
        Optional.of("linux/amd64"),
        "2026-03-01T12:00:00Z",
        Optional.empty(),
        List.of(new Verdict("kata", decision, List.of(), List.of(), List.of("a note"))),
        List.of(),
        Optional.empty());
  }

  @Test
  void whatWasKeptIsKnown() {
    TagRecord record = record(reference("team/app:1.0"), 7, Optional.of(INDEX));

    state().keep(record, List.of(report(record.reference(), Decision.EXCLUDED)));

    assertThat(state().tag(record.reference())).contains(record);
    assertThat(state().tag(reference("team/app:1.1"))).isEmpty();
  }

  @Test
  void theNewestRecordOfATagCounts() {
    TagRecord first = record(reference("app:1"), 1, Optional.of(INDEX));
    state().keep(first, List.of());
    TagRecord second =
        new TagRecord(
            first.reference(),
            2,
            NOW.plusSeconds(60),
            first.digest(),
            "another",
            List.of(),
            Optional.of(new ScanError("registry-unavailable", "it is down", "registry", true)),
            Optional.of(NOW),
            Optional.of(NOW.plusMillis(1)),
            first.history());

    state().keep(second, List.of());

    assertThat(state().tag(first.reference())).contains(second);
  }

  @Test
  void imagesAreKnownByTheDigestThatLedToThemAndByWhatJudgedThem() {
    TagRecord record = record(reference("app:1"), 1, Optional.of(INDEX));
    ImageReport found = report(record.reference(), Decision.COMPATIBLE);

    state().keep(record, List.of(found));

    assertThat(state().outcomes(INDEX, "basis")).contains(List.of(TagOutcome.of(found)));
    assertThat(state().outcomes(INDEX, "another")).isEmpty();
    assertThat(state().outcomes(Digest.ofText("other"), "basis")).isEmpty();
  }

  @Test
  void imagesStayKnownWhenATagIsCarriedForward() {
    TagRecord record = record(reference("app:1"), 1, Optional.of(INDEX));
    ImageReport found = report(record.reference(), Decision.COMPATIBLE);
    state().keep(record, List.of(found));

    state().keep(record(record.reference(), 2, Optional.of(INDEX)), List.of());

    assertThat(state().outcomes(INDEX, "basis")).contains(List.of(TagOutcome.of(found)));
  }

  @Test
  void keepingTheSameTwiceDoesNoHarm() {
    TagRecord record = record(reference("app:1"), 1, Optional.of(INDEX));
    List<ImageReport> found = List.of(report(record.reference(), Decision.EXCLUDED));

    state().keep(record, found);
    state().keep(record, found);

    assertThat(all()).containsExactly(record);
  }

  @Test
  void aForgottenTagIsGone() {
    TagRecord record = record(reference("app:1"), 1, Optional.of(INDEX));
    state().keep(record, List.of());

    state().forget(record.reference());
    state().forget(reference("never:seen"));

    assertThat(state().tag(record.reference())).isEmpty();
    assertThat(all()).isEmpty();
  }

  @Test
  void allTagsComeInTheOrderOfTheirReferencesWhateverIsChangedMeanwhile() {
    for (int i = 1_500; i > 0; i--) {
      state()
          .keep(
              record(reference("r%02d:t%04d".formatted(i % 7, i)), 1, Optional.empty()), List.of());
    }

    List<String> seen = new ArrayList<>();
    state()
        .forEach(
            tag -> {
              seen.add(tag.reference());
              if (seen.size() % 2 == 0) {
                state().forget(tag.reference());
              } else {
                state().keep(record(tag.reference(), 2, Optional.empty()), List.of());
              }
            });

    assertThat(seen).hasSize(1_500).doesNotHaveDuplicates().isSorted();
    assertThat(all()).hasSize(750).allMatch(tag -> tag.run() == 2);
  }

  @Test
  void textThatIsNoTextComesBackAsItWas() {
    TagRecord before = record(reference("app:1"), 1, Optional.empty());
    TagRecord odd =
        new TagRecord(
            before.reference(),
            1,
            NOW,
            Optional.empty(),
            "basis",
            List.of(),
            Optional.of(
                new ScanError("damaged", "a \u0000 and \ud800 half", "image-author", false)),
            Optional.empty(),
            Optional.empty(),
            List.of());

    state().keep(odd, List.of());

    assertThat(state().tag(odd.reference())).contains(odd);
  }

  private List<TagRecord> all() {
    List<TagRecord> all = new ArrayList<>();
    state().forEach(all::add);
    return all;
  }
}
