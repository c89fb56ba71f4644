package dev.imgcompat.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.SweepSummary.LayerBlame;
import dev.imgcompat.core.sweep.SweepSummary.RepositoryResult;
import dev.imgcompat.core.sweep.plan.Selection;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.state.FileSweepState;
import dev.imgcompat.core.sweep.state.TagChange.Kind;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweeperTest {
  private static final String ONE = "registry.example/team/app:1";
  private static final String TWO = "registry.example/team/app:2";
  private static final String WEB = "registry.example/web:1";

  @TempDir private Path directory;
  private FileSweepState state;
  private SweepCase sweep;

  @BeforeEach
  void open() throws IOException {
    state = FileSweepState.open(directory.resolve("state"));
    sweep = new SweepCase(state);
  }

  @AfterEach
  void close() {
    state.close();
  }

  private SweepCase three() {
    sweep
        .images
        .tag(ONE, "old", Decision.EXCLUDED)
        .tag(TWO, "new", Decision.COMPATIBLE)
        .tag(WEB, "web", Decision.NEEDS_KERNEL_PARAMS);
    return sweep.list(ONE, TWO, WEB);
  }

  private List<String> swept(long run) {
    List<String> swept = new ArrayList<>();
    state.forEach(
        tag -> {
          if (tag.run() == run) {
            swept.add(tag.reference());
          }
        });
    return swept;
  }

  private TagRecord tag(String reference) {
    return state.tag(reference).orElseThrow();
  }

  @Test
  void theFirstSweepScansEachImageOnce() throws Exception {
    SweepSummary summary = three().sweep(1);

    assertThat(sweep.images.scanned).containsExactlyInAnyOrder(ONE, TWO, WEB);
    assertThat(summary.end()).isEqualTo(End.COMPLETE);
    assertThat(summary.decisions())
        .containsEntry(Decision.EXCLUDED, 1L)
        .containsEntry(Decision.COMPATIBLE, 1L)
        .containsEntry(Decision.NEEDS_KERNEL_PARAMS, 1L)
        .containsEntry(Decision.UNKNOWN, 0L);
    assertThat(summary.progress().scanned()).isEqualTo(3);
    assertThat(summary.progress().done()).isEqualTo(summary.progress().listed());
    assertThat(summary.progress().bytes()).isEqualTo(3_000);
    assertThat(summary.changes()).isEmpty();
    assertThat(summary.mayShrink()).isTrue();
  }

  @Test
  void theSecondSweepAsksEachTagForItsDigestAndNothingElse() throws Exception {
    three().sweep(1);

    SweepSummary summary = sweep.sweep(2);

    assertThat(sweep.images.asked).containsExactlyInAnyOrder(ONE, TWO, WEB);
    assertThat(sweep.images.scanned).isEmpty();
    assertThat(summary.progress().unchanged()).isEqualTo(3);
    assertThat(summary.changes()).isEmpty();
    assertThat(summary.decisions()).containsEntry(Decision.EXCLUDED, 1L);
    assertThat(swept(2)).hasSize(3);
  }

  @Test
  void aListingThatTellsTheDigestSavesTheQuestion() throws Exception {
    sweep.images.tag(ONE, "old", Decision.EXCLUDED);
    sweep.listed.add(
        new ListedReference(
            FakeImages.reference(ONE), Optional.of(Digest.ofText("old")), Optional.empty()));

    sweep.sweep(1);

    assertThat(sweep.images.asked).isEmpty();
    assertThat(tag(ONE).decision(FakeImages.RUNTIME)).isEqualTo(Decision.EXCLUDED);
  }

  @Test
  void anImageOfSeveralTagsIsScannedOnce() throws Exception {
    sweep.pace = SweepCase.pace(1);
    sweep.images.tag(ONE, "old", Decision.EXCLUDED).tag(TWO, "old", Decision.EXCLUDED);

    SweepSummary summary = sweep.list(ONE, TWO).sweep(1);

    assertThat(sweep.images.scanned).containsExactly(ONE);
    assertThat(summary.progress().known()).isEqualTo(1);
    assertThat(summary.decisions()).containsEntry(Decision.EXCLUDED, 2L);
  }

  @Test
  void whenImagesAreJudgedByOthersAllAreLookedAtAnew() throws Exception {
    three().sweep(1);
    sweep.images.basis = "other rules";

    sweep.sweep(2);

    assertThat(sweep.images.scanned).hasSize(3);
    assertThat(tag(ONE).basis()).isEqualTo("other rules");
  }

  @Test
  void aTagThatMovedIsScannedAndTheChangeIsTold() throws Exception {
    three().sweep(1);
    sweep.images.tag(ONE, "mended", Decision.COMPATIBLE).tag(TWO, "newer", Decision.COMPATIBLE);

    SweepSummary summary = sweep.sweep(2);

    assertThat(sweep.images.scanned).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(summary.changes())
        .containsExactlyInAnyOrderEntriesOf(Map.of(Kind.DECISION, 1L, Kind.MOVED, 1L));
    assertThat(summary.changed())
        .contains(
            new SweepSummary.ChangedTag(
                ONE,
                Kind.DECISION,
                Optional.of(Decision.EXCLUDED),
                Optional.of(Decision.COMPATIBLE)));
    assertThat(tag(ONE).history()).hasSize(2);
  }

  @Test
  void anImageThatIsBrokenInItselfIsReadAgainOnlyAfterAWhile() throws Exception {
    sweep.images.broken(ONE, "bad", "damaged", false);
    sweep.list(ONE).sweep(1);
    assertThat(tag(ONE).decision(FakeImages.RUNTIME)).isEqualTo(Decision.UNKNOWN);

    SweepSummary second = sweep.sweep(2);
    assertThat(sweep.images.scanned).isEmpty();
    assertThat(second.failures()).hasSize(1);
    assertThat(second.mayShrink()).isTrue();

    sweep.clock.advance(Tolerance.DEFAULT.retryBroken());
    sweep.sweep(3);
    assertThat(sweep.images.scanned).containsExactly(ONE);
    sweep.sweep(4);
    assertThat(sweep.images.scanned).isEmpty();
  }

  @Test
  void whatARegistryCouldNotGiveIsAskedForAgain() throws Exception {
    sweep.images.broken(ONE, "bad", "registry-unavailable", true);
    sweep.list(ONE).sweep(1);

    sweep.images.tag(ONE, "bad", Decision.EXCLUDED);
    sweep.sweep(2);

    assertThat(sweep.images.scanned).containsExactly(ONE);
    assertThat(tag(ONE).decision(FakeImages.RUNTIME)).isEqualTo(Decision.EXCLUDED);
    assertThat(tag(ONE).failure()).isEmpty();
  }

  @Test
  void whatWasKnownStaysKnownWhileTheRegistryFails() throws Exception {
    three().sweep(1);
    sweep.images.down("registry.example", true);

    SweepSummary summary = sweep.sweep(2);

    assertThat(summary.decisions()).containsEntry(Decision.UNKNOWN, 3L);
    assertThat(summary.mayShrink()).isFalse();
    assertThat(summary.changes()).isEmpty();
    assertThat(summary.failures()).hasSize(1);
    assertThat(summary.failures().get(0).whoseMove()).isEqualTo("registry");
    assertThat(tag(ONE).outcomes().get(0).rulings().get(0).decision()).isEqualTo(Decision.EXCLUDED);

    sweep.images.down("registry.example", false);
    assertThat(sweep.sweep(3).decisions()).containsEntry(Decision.EXCLUDED, 1L);
    assertThat(sweep.images.scanned).isEmpty();
  }

  @Test
  void anImageThatCannotBeReadHidesNotWhatWasKnownOfItsTag() throws Exception {
    three().sweep(1);
    sweep.images.broken(ONE, "worse", "damaged", false);

    SweepSummary summary = sweep.sweep(2);

    assertThat(tag(ONE).outcomes().get(0).rulings().get(0).decision()).isEqualTo(Decision.EXCLUDED);
    assertThat(tag(ONE).decision(FakeImages.RUNTIME)).isEqualTo(Decision.UNKNOWN);
    assertThat(summary.changes()).containsExactly(Map.entry(Kind.DECISION, 1L));
    sweep.sweep(3);
    assertThat(sweep.images.scanned).isEmpty();
  }

  @Test
  void thatAnImageRunsIsNotSaidOfAnotherThatTheRegistryCouldNotGive() throws Exception {
    three().sweep(1);
    sweep.images.broken(TWO, "unread", "registry-unavailable", true);
    sweep.images.broken(ONE, "unread, too", "registry-unavailable", true);

    sweep.sweep(2);

    assertThat(tag(TWO).outcomes().get(0).error()).isPresent();
    assertThat(tag(TWO).history()).hasSize(1);
    assertThat(tag(ONE).outcomes().get(0).rulings().get(0).decision()).isEqualTo(Decision.EXCLUDED);
    sweep.images.tag(TWO, "unread", Decision.COMPATIBLE);
    assertThat(sweep.sweep(3).changes()).containsExactly(Map.entry(Kind.MOVED, 1L));
  }

  @Test
  void aSweepThatWasEndedGoesOnWhereItWas() throws Exception {
    for (int i = 0; i < 500; i++) {
      String reference = "registry.example/app:" + i;
      sweep.images.tag(reference, "image " + i, Decision.COMPATIBLE);
      sweep.list(reference);
    }
    Sweeper first = sweep.sweeper(1);
    AtomicInteger asked = new AtomicInteger();
    sweep.images.before =
        reference -> {
          if (asked.incrementAndGet() == 200) {
            first.control().cancel();
          }
        };
    assertThat(first.run().end()).isEqualTo(End.CANCELLED);
    int done = swept(1).size();
    assertThat(done).isBetween(190, 210);
    assertThat(first.progress().done()).isEqualTo(done);

    SweepSummary summary = sweep.sweep(1);

    assertThat(summary.end()).isEqualTo(End.COMPLETE);
    assertThat(summary.progress().resumed()).isEqualTo(done);
    assertThat(sweep.images.asked).hasSize(500 - done);
    assertThat(swept(1)).hasSize(500);
    assertThat(summary.decisions()).containsEntry(Decision.COMPATIBLE, 500L);
  }

  @Test
  void aTagThatIsListedTwiceIsLookedAtOnce() throws Exception {
    three().list(ONE, WEB);

    SweepSummary summary = sweep.sweep(1);

    assertThat(sweep.images.asked).hasSize(3);
    assertThat(summary.progress().listed()).isEqualTo(3);
    assertThat(summary.progress().done()).isEqualTo(3);
  }

  @Test
  void aTagThatIsGoneIsAskedForOnceAndForgottenAfterAWhile() throws Exception {
    three().sweep(1);
    sweep.images.remove(ONE);
    sweep.listed.remove(0);

    SweepSummary second = sweep.sweep(2);

    assertThat(sweep.images.asked).containsExactlyInAnyOrder(ONE, TWO, WEB);
    assertThat(second.changes()).containsExactly(Map.entry(Kind.GONE, 1L));
    assertThat(second.decisions()).containsEntry(Decision.EXCLUDED, 0L);
    assertThat(tag(ONE).goneSince()).isPresent();
    assertThat(tag(ONE).outcomes()).isNotEmpty();

    assertThat(sweep.sweep(3).changes()).isEmpty();
    assertThat(sweep.images.asked).doesNotContain(ONE);

    sweep.clock.advance(Tolerance.DEFAULT.keepGone());
    sweep.sweep(4);
    assertThat(state.tag(ONE)).isEmpty();
  }

  @Test
  void aTagThatComesBackIsTold() throws Exception {
    three().sweep(1);
    sweep.images.remove(ONE);
    ListedReference one = sweep.listed.remove(0);
    sweep.sweep(2);
    sweep.images.tag(ONE, "old", Decision.EXCLUDED);
    sweep.listed.add(one);

    SweepSummary summary = sweep.sweep(3);

    assertThat(summary.changes()).containsExactly(Map.entry(Kind.BACK, 1L));
    assertThat(tag(ONE).goneSince()).isEmpty();
    assertThat(sweep.images.scanned).isEmpty();
  }

  @Test
  void aTagThatIsListedAndNotThereIsGoneToo() throws Exception {
    three().sweep(1);
    sweep.images.remove(ONE);

    SweepSummary summary = sweep.sweep(2);

    assertThat(summary.changes()).containsExactly(Map.entry(Kind.GONE, 1L));
    assertThat(tag(ONE).goneSince()).isPresent();
  }

  private static Selection without(String glob) {
    return new Selection(
        List.of(), List.of(glob), Optional.empty(), OptionalInt.empty(), Optional.empty());
  }

  private static Selection newest(int count) {
    return new Selection(
        List.of(), List.of(), Optional.empty(), OptionalInt.of(count), Optional.empty());
  }

  @Test
  void whatIsNotSelectedAnyMoreIsForgottenAndNotGone() throws Exception {
    three().enumerates = true;
    sweep.sweep(1);
    sweep.selection = without("team/**");

    SweepSummary summary = sweep.sweep(2);

    assertThat(state.tag(ONE)).isEmpty();
    assertThat(summary.changes()).isEmpty();
    assertThat(summary.decisions().values().stream().mapToLong(n -> n).sum()).isEqualTo(1);
  }

  @Test
  void whatIsNotSelectedAnyMoreAndIsKeptIsLookedForNowAndThen() throws Exception {
    sweep = new SweepCase(new KeepingState(state));
    three().enumerates = true;
    sweep.sweep(1);
    sweep.selection = without("team/**");

    SweepSummary summary = sweep.sweep(2);

    assertThat(summary.changes()).isEmpty();
    assertThat(summary.decisions().values().stream().mapToLong(n -> n).sum()).isEqualTo(1);
    assertThat(tag(ONE).goneSince()).isEmpty();
    sweep.sweep(3);
    assertThat(sweep.images.asked).containsExactly(WEB);

    sweep.images.remove(ONE);
    sweep.clock.advance(Duration.ofDays(8));
    assertThat(sweep.sweep(4).changes()).containsExactly(Map.entry(Kind.GONE, 1L));
    assertThat(sweep.images.asked).containsExactlyInAnyOrder(ONE, TWO, WEB);
  }

  @Test
  void whatARegistryForgetsToListIsLookedAtAllTheSame() throws Exception {
    three().enumerates = true;
    sweep.sweep(1);
    sweep.listed.clear();

    SweepSummary summary = sweep.sweep(2);

    assertThat(summary.decisions())
        .containsEntry(Decision.EXCLUDED, 1L)
        .containsEntry(Decision.COMPATIBLE, 1L);
    assertThat(summary.changes()).isEmpty();
    assertThat(summary.progress().done()).isEqualTo(3);
    assertThat(swept(2)).hasSize(3);
  }

  @Test
  void aRepositoryThatIsMissingFromTheListingIsLookedAtThoughOnlyTheNewestCount() throws Exception {
    three().enumerates = true;
    sweep.selection = newest(1);
    sweep.images.created(ONE, Instant.EPOCH).created(TWO, Instant.EPOCH.plusSeconds(1));
    sweep.images.created(WEB, Instant.EPOCH);
    sweep.sweep(1);
    assertThat(swept(1)).containsExactlyInAnyOrder(TWO, WEB);
    sweep.listed.remove(2);

    sweep.sweep(2);

    assertThat(swept(2)).containsExactlyInAnyOrder(TWO, WEB);
  }

  @Test
  void tagsOfARepositoryThatCannotBeListedAreNotGone() throws Exception {
    three().enumerates = true;
    sweep.sweep(1);
    sweep.listed.clear();
    sweep.unlistedRepositories.add("team/app");
    sweep.images.remove(ONE).remove(WEB); // 404 is what some registries say to whoever has no right

    SweepSummary summary = sweep.sweep(2);

    assertThat(tag(ONE).goneSince()).isEmpty();
    assertThat(tag(WEB).goneSince()).isPresent();
    assertThat(summary.mayShrink()).isFalse();
    assertThat(summary.end()).isEqualTo(End.INCOMPLETE);
  }

  @Test
  void nothingIsGoneWhereNobodyKnowsHowMuchIsMissing() throws Exception {
    three().sweep(1);
    sweep.listed.clear();
    sweep.unlisted.add("project ci");
    sweep.images.remove(ONE);

    SweepSummary summary = sweep.sweep(2);

    assertThat(tag(ONE).goneSince()).isEmpty();
    assertThat(summary.mayShrink()).isFalse();
  }

  @Test
  void whetherTagsAreGoneIsNotAskedOfARegistryThatIsDown() throws Exception {
    for (int i = 0; i < 300; i++) {
      String reference = "registry.example/app:" + i;
      sweep.images.tag(reference, "image", Decision.COMPATIBLE);
      sweep.list(reference);
    }
    sweep.sweep(1);
    sweep.listed.clear();
    sweep.images.down("registry.example", true);
    sweep.images.forgetQuestions();

    SweepSummary summary = sweep.sweeper(2, pacing(), java.time.Clock.systemUTC()).run();

    assertThat(sweep.images.asked.size()).isLessThan(60);
    assertThat(summary.end()).isEqualTo(End.INCOMPLETE);
    assertThat(summary.mayShrink()).isFalse();
  }

  @Test
  void aListThatNamesNothingIsNoReasonToForgetAnything() throws Exception {
    three().isWritten = true;
    sweep.sweep(1);
    sweep.listed.clear();

    SweepSummary summary = sweep.sweep(2);

    assertThat(summary.end()).isEqualTo(End.INCOMPLETE);
    assertThat(summary.mayShrink()).isFalse();
    assertThat(sweep.images.asked).isEmpty();
  }

  @Test
  void aBrokenImageIsNotTakenForTheOneBefore() throws Exception {
    three().sweep(1);
    sweep.images.broken(TWO, "worse", "damaged", false);
    sweep.sweep(2);

    SweepSummary third = sweep.sweep(3);

    assertThat(third.changes()).isEmpty();
    assertThat(tag(TWO).history()).hasSize(2);
    sweep.images.down("registry.example", true);
    sweep.sweep(4);
    assertThat(tag(TWO).brokenSince()).isPresent();
    assertThat(tag(TWO).decision(FakeImages.RUNTIME)).isEqualTo(Decision.UNKNOWN);
  }

  @Test
  void theNewestOfAListThatSomebodyWroteAreThoseOfEachRepository() throws Exception {
    three().isWritten = true;
    String three = "registry.example/team/app:3";
    sweep.images.tag(three, "three", Decision.COMPATIBLE);
    sweep.images.created(ONE, Instant.EPOCH.plusSeconds(5)).created(WEB, Instant.EPOCH);
    sweep.images.created(TWO, Instant.EPOCH).created(three, Instant.EPOCH.plusSeconds(1));
    sweep.list(ONE, three);
    sweep.selection = newest(2);

    sweep.sweep(1);

    assertThat(swept(1)).containsExactlyInAnyOrder(ONE, three, WEB);
  }

  @Test
  void whatDoesNotTellWhenItWasMadeTakesNobodysPlace() throws Exception {
    three();
    sweep.images.created(ONE, Instant.EPOCH);
    sweep.list("registry.example/team/app:missing");
    sweep.selection = newest(1);

    sweep.sweep(1);

    assertThat(swept(1))
        .containsExactlyInAnyOrder(ONE, TWO, WEB, "registry.example/team/app:missing");
  }

  @Test
  void aRegistryThatNoReferenceCouldNameIsSweptToo() throws Exception {
    InRegistry odd =
        new InRegistry("[::1]:5000/app:1", "[::1]:5000", "app", Optional.of("1"), Optional.empty());
    sweep.listed.add(
        new ListedReference(odd, Optional.of(Digest.ofText("image")), Optional.empty()));
    sweep.sweep(1);
    sweep.listed.clear();

    assertThat(sweep.sweep(2).changes()).containsExactly(Map.entry(Kind.GONE, 1L));
  }

  @Test
  void nothingIsGoneOnlySinceTheListingBrokeOff() throws Exception {
    three().sweep(1);
    sweep.images.remove(ONE);
    sweep.listed.clear();
    sweep.breaksOff = new ScanException.Unavailable("the catalog broke off", null);

    SweepSummary summary = sweep.sweep(2);

    assertThat(summary.end()).isEqualTo(End.INCOMPLETE);
    assertThat(summary.mayShrink()).isFalse();
    assertThat(summary.unlisted()).hasSize(1);
    assertThat(sweep.images.asked).isEmpty();
    assertThat(tag(ONE).goneSince()).isEmpty();
  }

  @Test
  void aRepositoryThatCannotBeListedMakesTheSweepIncompleteAndTheRestGoesOn() throws Exception {
    three().unlistedRepositories.add("secret");

    SweepSummary summary = sweep.sweep(1);

    assertThat(summary.end()).isEqualTo(End.INCOMPLETE);
    assertThat(summary.unlistedCount()).isEqualTo(1);
    assertThat(summary.unlisted().get(0).whoseMove()).isEqualTo("user");
    assertThat(summary.decisions()).containsEntry(Decision.EXCLUDED, 1L);
    assertThat(summary.mayShrink()).isTrue();
  }

  @Test
  void theNewestTagsOfEachRepositoryCount() throws Exception {
    for (int i = 0; i < 200; i++) {
      String reference = "registry.example/app:" + i;
      sweep
          .images
          .tag(reference, "image " + i, Decision.COMPATIBLE)
          .created(reference, Instant.EPOCH.plusSeconds((i * 37) % 200));
      sweep.list(reference);
    }
    sweep.images.tag(WEB, "web", Decision.COMPATIBLE).created(WEB, Instant.EPOCH);
    sweep.list(WEB);
    sweep.selection =
        new Selection(List.of(), List.of(), Optional.empty(), OptionalInt.of(3), Optional.empty());

    sweep.sweep(1);

    assertThat(swept(1))
        .containsExactlyInAnyOrder(
            "registry.example/app:27", // 27 * 37 % 200 is 199, and so on
            "registry.example/app:54",
            "registry.example/app:81",
            WEB);
    assertThat(sweep.images.asked).hasSize(201);
  }

  @Test
  void whatWasPushedBeforeATimeDoesNotCount() throws Exception {
    Instant now = sweep.clock.instant();
    sweep.images.tag(ONE, "one", Decision.COMPATIBLE).tag(TWO, "two", Decision.COMPATIBLE);
    sweep.images.tag(WEB, "web", Decision.COMPATIBLE);
    sweep.images.created(ONE, now.minus(Duration.ofDays(10))).created(TWO, now);
    sweep.selection =
        new Selection(
            List.of(),
            List.of(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.of(new Selection.Since(Optional.empty(), Optional.of(Duration.ofDays(5)))));

    sweep.list(ONE, TWO, WEB).sweep(1);

    assertThat(swept(1)).containsExactlyInAnyOrder(TWO, WEB); // WEB does not tell
  }

  @Test
  void aRegistryThatIsDownIsGivenUpAndOthersAreNot() throws Exception {
    sweep.images.down("down.example", true);
    for (int i = 0; i < 300; i++) {
      sweep.list("down.example/app:" + i);
    }
    three();

    SweepSummary summary = sweep.sweeper(1, pacing(), java.time.Clock.systemUTC()).run();

    assertThat(sweep.images.asked.stream().filter(r -> r.startsWith("down.")).count())
        .isLessThan(60);
    assertThat(summary.decisions())
        .containsEntry(Decision.UNKNOWN, 300L)
        .containsEntry(Decision.EXCLUDED, 1L);
    assertThat(tag("down.example/app:299").failure().orElseThrow().message())
        .contains("no more tags of it were asked for");
    assertThat(summary.mayShrink()).isFalse();
  }

  private SweepPacing pacing() {
    return new SweepPacing(sweep.pace, RegistryListener.NONE);
  }

  @Test
  void aRegistryThatIsDownIsNotAskedWhenEachTagWasMade() throws Exception {
    for (int i = 0; i < 500; i++) {
      sweep.list("down.example/app:" + i);
    }
    sweep.images.down("down.example", true);
    three();
    sweep.selection = newest(1);

    SweepSummary summary = sweep.sweeper(1, pacing(), java.time.Clock.systemUTC()).run();

    assertThat(sweep.images.asked.stream().filter(r -> r.startsWith("down.")).count())
        .isLessThan(60);
    assertThat(summary.end()).isEqualTo(SweepSummary.End.INCOMPLETE);
    assertThat(summary.unlisted())
        .extracting(SweepSummary.Unlisted::what)
        .containsExactly("repository down.example/app");
    assertThat(summary.decisions()).containsEntry(Decision.EXCLUDED, 1L);
  }

  @Test
  void theNewestOfARegistryThatComesBackAreLookedAt() throws Exception {
    sweep.patience = new Outages.Patience(Duration.ofMillis(1), 50);
    for (int i = 0; i < 300; i++) {
      String reference = "registry.example/app:" + i;
      sweep.images.tag(reference, "image " + i, Decision.COMPATIBLE);
      sweep.images.created(reference, Instant.EPOCH.plusSeconds(i));
      sweep.list(reference);
    }
    sweep.images.down("registry.example", true);
    AtomicInteger asked = new AtomicInteger();
    sweep.images.before =
        reference -> {
          if (asked.incrementAndGet() == 14) {
            sweep.images.down("registry.example", false);
          }
        };
    sweep.selection = newest(1);

    SweepSummary summary = sweep.sweeper(1, pacing(), java.time.Clock.systemUTC()).run();

    assertThat(summary.end()).isEqualTo(SweepSummary.End.COMPLETE);
    assertThat(tag("registry.example/app:299").run()).isEqualTo(1);
    // Those that did not tell count as well, and no others.
    assertThat(swept(1)).hasSizeLessThan(40);
  }

  @Test
  void aRegistryThatComesBackIsGoneOnWith() throws Exception {
    sweep.patience = new Outages.Patience(Duration.ofMillis(1), 50);
    for (int i = 0; i < 100; i++) {
      String reference = "registry.example/app:" + i;
      sweep.images.tag(reference, "image", Decision.COMPATIBLE);
      sweep.list(reference);
    }
    sweep.images.down("registry.example", true);
    AtomicInteger asked = new AtomicInteger();
    sweep.images.before =
        reference -> {
          if (asked.incrementAndGet() == 14) {
            sweep.images.down("registry.example", false);
          }
        };

    SweepSummary summary = sweep.sweeper(1, pacing(), java.time.Clock.systemUTC()).run();

    assertThat(summary.decisions().get(Decision.COMPATIBLE)).isGreaterThanOrEqualTo(70);
  }

  @Test
  void aFailureOfWhatKeepsTheResultsEndsTheSweep() {
    three();
    IllegalStateException defect = new IllegalStateException("disk full");
    sweep.images.before =
        reference -> {
          throw defect;
        };

    assertThatThrownBy(() -> sweep.sweep(1)).isSameAs(defect);
  }

  @Test
  void anInterruptionEndsTheSweepAndItGoesOnLater() throws Exception {
    three();
    Thread self = Thread.currentThread();
    sweep.pace = SweepCase.pace(1);
    sweep.images.before = reference -> self.interrupt();

    assertThatThrownBy(() -> sweep.sweep(1)).isInstanceOf(InterruptedException.class);

    sweep.images.before = reference -> {};
    assertThat(sweep.sweep(1).decisions()).containsEntry(Decision.EXCLUDED, 1L);
    assertThat(swept(1)).hasSize(3);
  }

  @Test
  void theSummarySaysWhoIsConcernedAndWhichLayersAreWhy() throws Exception {
    three();
    for (int i = 0; i < 5; i++) {
      String reference = "registry.example/legacy:" + i;
      sweep.images.tag(reference, "legacy " + i, Decision.EXCLUDED);
      sweep.list(reference);
    }
    sweep.images.broken("registry.example/legacy:x", "x", "not-an-image", false);
    sweep.list("registry.example/legacy:x");

    SweepSummary summary = sweep.sweep(1);

    assertThat(summary.repositoryCount()).isEqualTo(3);
    assertThat(summary.repositories())
        .extracting(RepositoryResult::repository)
        .containsExactly(
            "registry.example/legacy", "registry.example/team/app", "registry.example/web");
    assertThat(summary.repositories().get(0).decisions())
        .containsEntry(Decision.EXCLUDED, 5L)
        .containsEntry(Decision.UNKNOWN, 1L)
        .containsEntry(Decision.COMPATIBLE, 0L);
    assertThat(summary.layers())
        .containsExactly(
            new LayerBlame(
                Digest.ofText("base"),
                6,
                2,
                "elf-32bit",
                Optional.of("/bin/sh"),
                "registry.example/legacy:0"));
    assertThat(summary.failures().get(0).kind()).isEqualTo("not-an-image");
    assertThat(summary.failures().get(0).example()).isEqualTo("registry.example/legacy:x");
  }

  @Test
  void everyTagIsToldOfOnce() throws Exception {
    List<String> told = java.util.Collections.synchronizedList(new ArrayList<>());
    sweep.listener =
        new SweepListener() {
          @Override
          public void done(TagRecord record) {
            told.add(record.reference());
          }
        };

    three().sweep(1);

    assertThat(told).containsExactlyInAnyOrder(ONE, TWO, WEB);
  }
}
