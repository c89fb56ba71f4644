package dev.imgcompat.service.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.sweep.state.SweepState;
import dev.imgcompat.core.sweep.state.SweepStateContract;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.service.scan.Findings;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.settings.SettingsLoader;
import dev.imgcompat.service.store.DecisionChange;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.Subjects;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the state of sweeps does on any store. */
abstract class StoreSweepStateContract extends SweepStateContract {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final String APP = "r.example/team/app:1";
  private static final ReferenceKey KEY = new ReferenceKey(APP, "linux/amd64");
  private static final ScanError DOWN =
      new ScanError("registry-unavailable", "it is down", "registry", true);

  private JdbcStore store;
  private Findings findings;
  private StoreSweepState state;

  /** An empty store. */
  abstract JdbcStore openStore(Settings settings);

  @BeforeEach
  void open() {
    Settings settings = SettingsLoader.load(Map.of(), Map.of(), Optional.empty());
    store = openStore(settings);
    Scanner scanner = Scanner.builder().build();
    findings =
        new Findings(
            store, new Freshness(scanner, settings), new Subjects(RulePack.builtIn(), settings));
    scanner.close();
    state = state(PlatformRequest.DEFAULT);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private StoreSweepState state(PlatformRequest platforms) {
    return new StoreSweepState(
        store, findings, "nightly", platforms, Platform.LINUX_AMD64, OptionalLong.of(7));
  }

  @Override
  protected SweepState state() {
    return state;
  }

  private static ImageReport report(Decision decision, Digest index) {
    return ReportBuilder.on("kata")
        .index(index)
        .image(APP, decision, List.of())
        .build()
        .images()
        .get(0);
  }

  /** A tag as it was seen by a run, a second after the one before. */
  private static TagRecord tag(
      String reference, long run, Digest digest, List<TagOutcome> outcomes) {
    return new TagRecord(
        reference,
        run,
        NOON.plusSeconds(run),
        Optional.of(digest),
        "basis",
        outcomes,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static TagRecord with(
      TagRecord tag, Optional<ScanError> failure, Optional<Instant> goneSince) {
    return new TagRecord(
        tag.reference(),
        tag.run(),
        tag.lookedAt(),
        tag.digest(),
        tag.basis(),
        tag.outcomes(),
        failure,
        Optional.empty(),
        goneSince,
        tag.history());
  }

  private StoredReference reference(ReferenceKey key) {
    return store.references().reference(key).orElseThrow();
  }

  @Test
  void whatWasScannedIsKnownToLookups() {
    Digest index = Digest.ofText("index");
    ImageReport found = report(Decision.EXCLUDED, index);
    state.keep(tag(APP, 1, index, List.of(TagOutcome.of(found))), List.of(found));

    assertThat(reference(KEY).digest()).isEqualTo(found.digest());
    assertThat(reference(KEY).indexDigest()).hasValue(index);
    assertThat(reference(KEY).checkedAt()).isEqualTo(NOON.plusSeconds(1));
    assertThat(store.images().image(found.digest().orElseThrow())).isPresent();
    assertThat(store.history().history(KEY, "kata"))
        .extracting(DecisionChange::decision)
        .containsExactly("EXCLUDED");
    assertThat(state.size()).hasValue(7);
  }

  @Test
  void aTagThatIsCarriedForwardIsFreshForLookups() {
    Digest index = Digest.ofText("index");
    ImageReport found = report(Decision.EXCLUDED, index);
    List<TagOutcome> outcomes = List.of(TagOutcome.of(found));
    state.keep(tag(APP, 1, index, outcomes), List.of(found));
    state.keep(tag(APP, 2, index, outcomes), List.of());

    assertThat(reference(KEY).checkedAt()).isEqualTo(NOON.plusSeconds(2));
    assertThat(reference(KEY).indexDigest()).hasValue(index);
    assertThat(store.history().history(KEY, "kata")).hasSize(1);
  }

  @Test
  void aTagThatNamesAKnownImageIsKnownToLookupsWithoutAReport() {
    Digest index = Digest.ofText("index");
    ImageReport found = report(Decision.EXCLUDED, index);
    state.keep(tag(APP, 1, index, List.of(TagOutcome.of(found))), List.of(found));

    String other = "r.example/team/other:1";
    state.keep(tag(other, 1, index, state.outcomes(index, "basis").orElseThrow()), List.of());

    assertThat(reference(new ReferenceKey(other, "linux/amd64")).digest())
        .isEqualTo(found.digest());
  }

  @Test
  void whatWasKnownStaysKnownWhenTheRegistryIsDown() {
    Digest index = Digest.ofText("index");
    ImageReport found = report(Decision.EXCLUDED, index);
    TagRecord first = tag(APP, 1, index, List.of(TagOutcome.of(found)));
    state.keep(first, List.of(found));
    state.keep(
        with(tag(APP, 2, index, first.outcomes()), Optional.of(DOWN), Optional.empty()), List.of());

    assertThat(reference(KEY).digest()).isEqualTo(found.digest());
    assertThat(reference(KEY).checkedAt()).isEqualTo(NOON.plusSeconds(1));
    assertThat(reference(KEY).failure()).hasValue(DOWN);
  }

  @Test
  void aTagOfWhichNothingIsKnownFailsForTheUsualPlatform() {
    TagRecord failed =
        with(tag(APP, 1, Digest.ofText("x"), List.of()), Optional.of(DOWN), Optional.empty());
    state.keep(failed, List.of());
    assertThat(reference(KEY).digest()).isEmpty();
    assertThat(reference(KEY).failure()).hasValue(DOWN);
  }

  @Test
  void aTagThatIsGoneKeepsItsImageAndSaysSo() {
    Digest index = Digest.ofText("index");
    ImageReport found = report(Decision.EXCLUDED, index);
    TagRecord first = tag(APP, 1, index, List.of(TagOutcome.of(found)));
    state.keep(first, List.of(found));
    Optional<Instant> gone = Optional.of(NOON.plusSeconds(2));
    state.keep(with(tag(APP, 2, index, first.outcomes()), Optional.empty(), gone), List.of());

    assertThat(reference(KEY).digest()).isEqualTo(found.digest());
    assertThat(reference(KEY).failure()).map(ScanError::kind).hasValue("not-found");
  }

  @Test
  void aTagThatIsGoneIsNoNewsOfAReferenceThatIsNotKnown() {
    TagRecord gone =
        with(tag(APP, 1, Digest.ofText("x"), List.of()), Optional.empty(), Optional.of(NOON));
    state.keep(gone, List.of());
    assertThat(store.references().ofAllPlatforms(APP)).isEmpty();
  }

  @Test
  void ofSeveralPlatformsEachIsAReferenceAndOneMayBeBroken() {
    Digest index = Digest.ofText("index");
    ImageReport amd = report(Decision.EXCLUDED, index);
    ImageReport arm =
        ReportBuilder.on("kata")
            .index(index)
            .platform("linux/arm64")
            .digest(Digest.ofText("arm"))
            .image(APP, Decision.COMPATIBLE, List.of())
            .build()
            .images()
            .get(0);
    ScanError damaged = new ScanError("damaged", "a layer is", "image-author", false);
    ImageReport broken =
        new ImageReport(
            APP,
            APP,
            Optional.of(Digest.ofText("broken")),
            Optional.of(index),
            Optional.empty(),
            Optional.of("linux/s390x"),
            "2026-11-01T12:00:00Z",
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.of(damaged));
    List<ImageReport> all = List.of(amd, arm, broken);
    List<TagOutcome> outcomes = all.stream().map(TagOutcome::of).toList();
    StoreSweepState every = state(PlatformRequest.ALL);
    every.keep(with(tag(APP, 1, index, outcomes), Optional.of(damaged), Optional.empty()), all);
    // Once more, by what is known of another tag.
    String other = "r.example/team/other:1";
    every.keep(
        with(tag(other, 1, index, outcomes), Optional.of(damaged), Optional.empty()), List.of());

    for (String reference : List.of(APP, other)) {
      assertThat(store.references().ofAllPlatforms(reference))
          .extracting(r -> r.key().platform())
          .containsExactly("linux/amd64", "linux/arm64", "linux/s390x");
      assertThat(reference(new ReferenceKey(reference, "linux/arm64")).failure()).isEmpty();
      assertThat(reference(new ReferenceKey(reference, "linux/s390x")).failure()).hasValue(damaged);
    }
  }

  @Test
  void aPlatformThatIsAskedForIsTheOneThatLookupsAskFor() {
    Digest index = Digest.ofText("index");
    ImageReport found = report(Decision.EXCLUDED, index);
    ImageReport variant =
        ReportBuilder.on("kata")
            .platform("linux/arm64/v8")
            .image(APP, Decision.EXCLUDED, List.of())
            .build()
            .images()
            .get(0);
    state(PlatformRequest.only(Platform.parse("linux/arm64")))
        .keep(tag(APP, 1, index, List.of(TagOutcome.of(found))), List.of(variant));
    assertThat(store.references().ofAllPlatforms(APP))
        .extracting(r -> r.key().platform())
        .containsExactly("linux/arm64");
  }

  @Test
  void whatALookupFoundLaterIsKept() {
    Digest index = Digest.ofText("index");
    ImageReport found = report(Decision.EXCLUDED, index);
    StoredReference newer =
        new StoredReference(
            KEY,
            Optional.of(Digest.ofText("newer")),
            Optional.empty(),
            NOON.plusSeconds(60),
            Optional.empty(),
            Optional.empty());
    store.references().put(newer);
    state.keep(tag(APP, 1, index, List.of(TagOutcome.of(found))), List.of(found));
    assertThat(reference(KEY)).isEqualTo(newer);
  }

  @Test
  void aTagWhoseImageIsNotKeptAnyMoreIsLookedAtAnew() {
    Digest index = Digest.ofText("index");
    ImageReport found = report(Decision.EXCLUDED, index);
    TagRecord tag = tag(APP, 1, index, List.of(TagOutcome.of(found)));
    state.keep(tag, List.of(found));
    store.references().leave(APP, NOON.plusSeconds(5), NOON.plusSeconds(5));
    store.retention().forgetImages(Optional.empty(), NOON, Instant.EPOCH);
    store.retention().forgetImages(Optional.empty(), NOON, NOON.plusMillis(1));

    assertThat(state.tag(APP)).map(TagRecord::basis).hasValue("");
    assertThat(state.outcomes(index, "basis")).isEmpty();
    // And nothing is said of what is not known.
    state.keep(tag(APP, 2, index, tag.outcomes()), List.of());
    assertThat(store.references().ofAllPlatforms(APP)).isEmpty();
  }

  @Test
  void listsAreToldOfChangesOnly() {
    Digest index = Digest.ofText("index");
    ImageReport found = report(Decision.EXCLUDED, index);
    List<TagOutcome> outcomes = List.of(TagOutcome.of(found));
    TagRecord first = tag(APP, 1, index, outcomes);
    TagChange news = new TagChange(1, NOON, TagChange.Kind.NEW, Optional.of(index), Map.of());
    state.keep(
        new TagRecord(
            APP,
            1,
            NOON,
            first.digest(),
            "basis",
            outcomes,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(news)),
        List.of(found));
    assertThat(state.takeChanged()).isTrue();
    assertThat(state.takeChanged()).isFalse();
    state.keep(tag(APP, 2, index, outcomes), List.of());
    assertThat(state.takeChanged()).isFalse();
  }
}
