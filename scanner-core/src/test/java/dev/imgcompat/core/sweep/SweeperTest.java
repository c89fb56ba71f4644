package dev.imgcompat.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.SweepSummary.LayerBlame;
import dev.imgcompat.core.sweep.SweepSummary.RepositoryResult;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.state.TagChange.Kind;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SweeperTest extends SweepTestCase {
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
