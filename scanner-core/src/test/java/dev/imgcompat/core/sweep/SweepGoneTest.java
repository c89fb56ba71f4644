package dev.imgcompat.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.state.TagChange.Kind;
import dev.imgcompat.core.verdict.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a sweep makes of tags that it does not find any more. */
class SweepGoneTest extends SweepTestCase {
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
}
