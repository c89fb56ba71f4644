package dev.imgcompat.service.store.jdbc;

import static dev.imgcompat.service.store.jdbc.StoreSamples.NOON;
import static dev.imgcompat.service.store.jdbc.StoreSamples.found;
import static dev.imgcompat.service.store.jdbc.StoreSamples.image;
import static dev.imgcompat.service.store.jdbc.StoreSamples.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.service.store.DecisionChange;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ReferenceWithImage;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.store.SweepQuery;
import dev.imgcompat.service.store.SweepQuery.Place;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.Cause;
import dev.imgcompat.service.store.SweepRecord.State;
import dev.imgcompat.service.store.SweepStore.Hold;
import dev.imgcompat.service.store.SweptTagStore.Left;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the store must do on every database: sweeps, what they found, and how decisions changed. */
abstract class SweepsContract extends ImagesContract {
  private static final List<String> KATA = List.of("kata");
  private static final String WORKER = "worker-1";

  private static final SweepProgress PROGRESS =
      new SweepProgress(
          NOON,
          10,
          true,
          OptionalLong.of(12),
          1,
          2,
          3,
          4,
          5,
          6,
          7,
          1L << 40,
          Map.of("", "paused", "r.example", "nul \u0000"));

  private static SweepSummary summary(boolean mayShrink) {
    return new SweepSummary(
        "nightly",
        1,
        NOON,
        NOON,
        End.COMPLETE,
        PROGRESS,
        "kata",
        Map.of(Decision.EXCLUDED, 412L),
        0,
        List.of(),
        Map.of(TagChange.Kind.GONE, 3L),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        mayShrink);
  }

  private Optional<SweepRecord> add(String id, String plan) {
    return store.sweeps().add(id, plan, Cause.REQUEST, Publishing.AT_END, NOON, "{}");
  }

  private void end(String id, boolean mayShrink) {
    store.sweeps().begin(id, WORKER, NOON);
    assertThat(
            store
                .sweeps()
                .end(
                    id,
                    WORKER,
                    State.DONE,
                    Optional.of(summary(mayShrink)),
                    Optional.empty(),
                    NOON))
        .isTrue();
  }

  @Test
  void ofOnePlanOneSweepIsActiveAndRunsAreNumbered() {
    SweepRecord first = add("a", "nightly").orElseThrow();
    assertThat(first.run()).isEqualTo(1);
    assertThat(add("b", "nightly")).isEmpty();
    assertThat(add("c", "weekly")).map(SweepRecord::run).hasValue(1L);
    assertThat(store.sweeps().countActive()).isEqualTo(2);
    assertThat(store.sweeps().active("nightly")).contains(first);

    end("a", true);

    assertThat(store.sweeps().active("nightly")).isEmpty();
    assertThat(add("b", "nightly")).map(SweepRecord::run).hasValue(2L);
    assertThat(store.sweeps().newest("nightly")).map(SweepRecord::id).hasValue("b");
    assertThat(store.sweeps().plans()).containsExactly("nightly", "weekly");
  }

  @Test
  void sweepComesBackAsItWas() {
    add("a", "nightly");
    store.sweeps().begin("a", WORKER, NOON.plusMillis(1));

    assertThat(store.sweeps().progress("a", WORKER, PROGRESS))
        .hasValueSatisfying(
            sweep -> {
              assertThat(sweep.state()).isEqualTo(State.RUNNING);
              assertThat(sweep.begunAt()).hasValue(NOON.plusMillis(1));
              assertThat(sweep.progress()).hasValue(PROGRESS);
            });
    store
        .sweeps()
        .end(
            "a",
            WORKER,
            State.DONE,
            Optional.of(summary(true)),
            Optional.of("größe"),
            NOON.plusMillis(2));
    assertThat(store.sweeps().sweep("a"))
        .hasValueSatisfying(
            sweep -> {
              assertThat(sweep.summary()).hasValue(summary(true));
              assertThat(sweep.error()).hasValue("größe");
              assertThat(sweep.finishedAt()).hasValue(NOON.plusMillis(2));
              assertThat(sweep.definition()).isEqualTo("{}");
            });
    assertThat(store.sweeps().sweep("b")).isEmpty();
  }

  @Test
  void whoLostASweepIsNotHeard() {
    add("a", "nightly");
    store.sweeps().begin("a", WORKER, NOON);
    store.sweeps().begin("a", "worker-2", NOON.plusSeconds(1));

    assertThat(store.sweeps().progress("a", WORKER, PROGRESS)).isEmpty();
    assertThat(
            store.sweeps().end("a", WORKER, State.FAILED, Optional.empty(), Optional.empty(), NOON))
        .isFalse();
    store.sweeps().release("a", WORKER);
    assertThat(store.sweeps().progress("a", "worker-2", PROGRESS))
        .map(SweepRecord::begunAt)
        .hasValue(Optional.of(NOON));
  }

  @Test
  void sweepThatEndedStaysSoAndIsNotBegun() {
    add("a", "nightly");
    end("a", true);

    assertThat(store.sweeps().begin("a", WORKER, NOON)).isEmpty();
    assertThat(store.sweeps().pause("a")).isFalse();
    assertThat(store.sweeps().resume("a")).isFalse();
    assertThat(store.sweeps().cancel("a", NOON)).isFalse();
    assertThat(store.sweeps().sweep("a")).map(SweepRecord::state).hasValue(State.DONE);
  }

  @Test
  void sweepIsHeldUpUntilItIsLetGoOn() {
    add("a", "nightly");
    store.sweeps().begin("a", WORKER, NOON);
    assertThat(store.sweeps().pause("a")).isTrue();
    assertThat(store.sweeps().progress("a", WORKER, PROGRESS))
        .map(SweepRecord::state)
        .hasValue(State.PAUSED);
    store.sweeps().release("a", WORKER);
    assertThat(store.sweeps().begin("a", WORKER, NOON))
        .map(SweepRecord::state)
        .hasValue(State.PAUSED);
    assertThat(store.sweeps().resume("a")).isTrue();
    assertThat(store.sweeps().progress("a", WORKER, PROGRESS))
        .map(SweepRecord::state)
        .hasValue(State.RUNNING);
    store.sweeps().release("a", WORKER);
    assertThat(store.sweeps().sweep("a")).map(SweepRecord::state).hasValue(State.QUEUED);
  }

  @Test
  void sweepThatNobodyDoesEndsAtOnce() {
    add("a", "nightly");
    assertThat(store.sweeps().cancel("a", NOON)).isTrue();
    assertThat(store.sweeps().sweep("a")).map(SweepRecord::state).hasValue(State.CANCELLED);

    add("b", "nightly");
    store.sweeps().begin("b", WORKER, NOON);
    assertThat(store.sweeps().cancel("b", NOON)).isTrue();
    assertThat(store.sweeps().pause("b")).isFalse();
    assertThat(store.sweeps().progress("b", WORKER, PROGRESS))
        .hasValueSatisfying(
            sweep -> {
              assertThat(sweep.cancelled()).isTrue();
              assertThat(sweep.state()).isEqualTo(State.RUNNING);
            });
  }

  @Test
  void listsHaveNothingOfASweepThatGoesOnAndNoRemovalsOfOneThatWasNotWhole() {
    add("a", "at-end");
    store.sweeps().add("b", "at-once", Cause.SCHEDULE, Publishing.CONTINUOUSLY, NOON, "{}");
    add("c", "whole");
    end("c", true);
    add("d", "broken");
    end("d", true);
    add("e", "broken");
    end("e", false);
    add("f", "dropped");
    store.sweeps().cancel("f", NOON);

    assertThat(store.sweeps().holds())
        .containsOnly(
            Map.entry("at-end", Hold.ALL),
            Map.entry("at-once", Hold.REMOVALS),
            Map.entry("broken", Hold.UNCONFIRMED));
  }

  @Test
  void aSweepThatEndedBeforeItLookedAtAnythingLeavesTheHoldAsItWas() {
    add("a", "whole");
    end("a", true);
    add("b", "whole");
    store.sweeps().cancel("b", NOON);
    add("c", "broken");
    end("c", false);
    add("d", "broken");
    fail("d");
    add("e", "begun");
    end("e", true);
    add("f", "begun");
    store.sweptTags().put("begun", tag("r/app:1", 2, Optional.empty()));
    fail("f");

    assertThat(store.sweeps().holds())
        .containsOnly(Map.entry("broken", Hold.UNCONFIRMED), Map.entry("begun", Hold.UNCONFIRMED));
  }

  private void fail(String id) {
    store.sweeps().begin(id, WORKER, NOON);
    store.sweeps().end(id, WORKER, State.FAILED, Optional.empty(), Optional.of("why"), NOON);
  }

  @Test
  void aHoldEndsOnceItsSweepIsOldAndNoneIsActive() {
    add("a", "nightly");
    end("a", false);
    assertThat(store.sweeps().endHold("nightly", NOON)).isFalse();
    add("b", "nightly");
    assertThat(store.sweeps().endHold("nightly", NOON.plusSeconds(1))).isFalse();
    end("b", false);
    assertThat(store.sweeps().holds()).containsKey("nightly");

    assertThat(store.sweeps().endHold("nightly", NOON.plusSeconds(1))).isTrue();

    assertThat(store.sweeps().holds()).isEmpty();
    assertThat(store.sweeps().endHold("nightly", NOON.plusSeconds(1))).isFalse();
  }

  @Test
  void sweepsAreFoundNewestFirstPageByPage() {
    for (int i = 0; i < 5; i++) {
      String id = "a" + i;
      store
          .sweeps()
          .add(id, "nightly", Cause.REQUEST, Publishing.AT_END, NOON.plusSeconds(i / 2), "{}");
      end(id, true);
    }
    add("other", "weekly");

    List<String> ids = new ArrayList<>();
    Optional<Place> after = Optional.empty();
    List<SweepRecord> page;
    do {
      page =
          store
              .sweeps()
              .find(new SweepQuery(Optional.of("nightly"), Optional.of(State.DONE), after, 2));
      page.forEach(s -> ids.add(s.id()));
      if (!page.isEmpty()) {
        SweepRecord last = page.get(page.size() - 1);
        after = Optional.of(new Place(last.requestedAt(), last.id()));
      }
    } while (!page.isEmpty());

    assertThat(ids).containsExactly("a4", "a3", "a2", "a1", "a0");
  }

  @Test
  void onlyTheNewestRunsOfEachPlanAreKept() {
    for (int i = 0; i < 5; i++) {
      add("a" + i, "nightly");
      end("a" + i, true);
    }
    add("b", "weekly");
    end("b", true);

    assertThat(store.sweeps().forgetOld(2)).isEqualTo(3);

    assertThat(number("SELECT count(*) FROM sweep")).isEqualTo(3);
    assertThat(add("c", "nightly")).map(SweepRecord::run).hasValue(6L);
  }

  @Test
  void runThatHoldsListsUpIsKeptUntilAnotherTellsMore() {
    add("a", "nightly");
    end("a", false);
    for (int i = 0; i < 5; i++) {
      add("b" + i, "nightly");
      assertThat(store.sweeps().cancel("b" + i, NOON)).isTrue();
    }
    assertThat(store.sweeps().holds()).containsKey("nightly");

    assertThat(store.sweeps().forgetOld(2)).isEqualTo(3);

    assertThat(store.sweeps().holds()).containsKey("nightly");
  }

  @Test
  void planThatIsNotSweptAnyMoreIsForgottenWithItsTags() {
    add("a", "nightly");
    store.sweptTags().put("nightly", tag("r/app:1", 1, Optional.empty()));
    store.references().putSwept(found(key("r/app:1"), DIGEST), NOON, "nightly");
    store.sweeps().forgetPlan("nightly", NOON.plusSeconds(1));
    assertThat(store.sweeps().plans()).as("it is active").containsExactly("nightly");
    end("a", true);
    store.sweeps().forgetPlan("nightly", NOON);
    assertThat(store.sweeps().plans()).as("it is young").containsExactly("nightly");

    store.sweeps().forgetPlan("nightly", NOON.plusSeconds(1));

    assertThat(store.sweeps().plans()).isEmpty();
    assertThat(store.sweptTags().tag("nightly", "r/app:1")).isEmpty();
    assertThat(plans()).containsExactly(Optional.empty());
  }

  private static TagRecord tag(String reference, long run, Optional<Instant> goneSince) {
    return new TagRecord(
        reference,
        run,
        NOON,
        Optional.of(DIGEST),
        "basis",
        List.of(TagOutcome.of(image(DIGEST, "kata", Decision.EXCLUDED).report())),
        Optional.of(StoreSamples.FAILURE),
        Optional.empty(),
        goneSince,
        List.of());
  }

  @Test
  void tagsAreThoseOfTheirPlan() {
    TagRecord tag = tag("r/app:1", 7, Optional.empty());
    store.sweptTags().put("nightly", tag);
    assertThat(store.sweptTags().tag("nightly", "r/app:1")).contains(tag);
    assertThat(store.sweptTags().tag("weekly", "r/app:1")).isEmpty();
  }

  @Test
  void whatALaterRunFoundIsNotOverwrittenByAnEarlierOne() {
    TagRecord later = tag("r/app:1", 8, Optional.empty());
    store.sweptTags().put("nightly", later);
    store.sweptTags().put("nightly", tag("r/app:1", 7, Optional.of(NOON)));
    assertThat(store.sweptTags().tag("nightly", "r/app:1")).contains(later);
  }

  @Test
  void tagsComeInTheOrderOfTheirReferences() {
    for (String name : List.of("r/b:1", "r/A:1", "r/a:10", "r/a_x:1", "r/a:2")) {
      store.sweptTags().put("nightly", tag(name, 1, Optional.empty()));
    }
    List<String> first =
        store.sweptTags().page("nightly", Optional.empty(), 3).stream()
            .map(TagRecord::reference)
            .toList();
    assertThat(first).containsExactly("r/A:1", "r/a:10", "r/a:2");
    assertThat(store.sweptTags().page("nightly", Optional.of("r/a:2"), 3))
        .extracting(TagRecord::reference)
        .containsExactly("r/a_x:1", "r/b:1");
  }

  @Test
  void goneTagsThatAreForgottenOrOldAreToLeave() {
    store.sweptTags().put("nightly", tag("r/there:1", 1, Optional.empty()));
    store.sweptTags().put("nightly", tag("r/unselected:1", 1, Optional.empty()));
    store.sweptTags().put("nightly", tag("r/old:1", 1, Optional.of(NOON)));
    store.sweptTags().put("nightly", tag("r/new:1", 1, Optional.of(NOON.plusSeconds(9))));
    store.sweptTags().put("nightly", tag("r/forgotten:1", 1, Optional.of(NOON.plusSeconds(9))));
    store.sweptTags().forget("nightly", "r/forgotten:1");
    store.sweptTags().forget("nightly", "r/unselected:1");
    store.sweptTags().forget("nightly", "r/never:1");

    assertThat(store.sweptTags().forgotten("nightly", NOON.plusSeconds(1), 10))
        .containsExactly(new Left("r/forgotten:1", NOON.plusSeconds(9)), new Left("r/old:1", NOON));
    assertThat(store.sweptTags().tag("nightly", "r/forgotten:1")).isEmpty();
    assertThat(store.sweptTags().tag("nightly", "r/unselected:1")).isEmpty();
    assertThat(store.sweptTags().page("nightly", Optional.empty(), 10)).hasSize(3);

    store.sweptTags().remove("nightly", new Left("r/old:1", NOON));
    assertThat(store.sweptTags().forgotten("nightly", NOON.plusSeconds(1), 10)).hasSize(1);
  }

  @Test
  void aTagThatASweepFoundMeanwhileDoesNotLeave() {
    store.sweptTags().put("nightly", tag("r/app:1", 1, Optional.of(NOON)));
    Left left = store.sweptTags().forgotten("nightly", NOON.plusSeconds(1), 10).get(0);
    TagRecord back = tag("r/app:1", 2, Optional.empty());
    store.sweptTags().put("nightly", back);

    store.sweptTags().remove("nightly", left);

    assertThat(store.sweptTags().tag("nightly", "r/app:1")).contains(back);
  }

  @Test
  void aTagThatIsBackIsNotForgottenAnyMore() {
    store.sweptTags().put("nightly", tag("r/app:1", 1, Optional.of(NOON)));
    store.sweptTags().forget("nightly", "r/app:1");
    TagRecord back = tag("r/app:1", 2, Optional.empty());
    store.sweptTags().put("nightly", back);
    assertThat(store.sweptTags().tag("nightly", "r/app:1")).contains(back);
    assertThat(store.sweptTags().forgotten("nightly", NOON.plusSeconds(9), 10)).isEmpty();
  }

  @Test
  void outcomesAreThoseOfTheirBasis() {
    List<TagOutcome> outcomes = tag("r/app:1", 1, Optional.empty()).outcomes();
    String basis = "long ".repeat(1_000);
    store.sweptTags().putOutcomes(DIGEST, basis, outcomes, NOON);
    store.sweptTags().putOutcomes(DIGEST, basis, outcomes, NOON);
    assertThat(store.sweptTags().outcomes(DIGEST, basis)).contains(outcomes);
    assertThat(store.sweptTags().outcomes(DIGEST, "other")).isEmpty();
  }

  @Test
  void whatALookupFoundMeanwhileIsNotOverwrittenByASweep() {
    Digest older = Digest.ofText("older");
    store.references().put(found(CENTOS, DIGEST));
    StoredReference swept =
        new StoredReference(
            CENTOS,
            Optional.of(older),
            Optional.empty(),
            NOON.minusMillis(1),
            Optional.empty(),
            Optional.empty());

    store.references().putSwept(swept, NOON.minusMillis(1), "nightly");
    assertThat(store.references().reference(CENTOS)).contains(found(CENTOS, DIGEST));
    assertThat(plans()).containsExactly(Optional.empty());

    store.references().putSwept(swept, NOON, "nightly");
    assertThat(store.references().reference(CENTOS)).contains(swept);
    assertThat(plans()).containsExactly(Optional.of("nightly"));

    store.references().put(found(CENTOS, DIGEST));
    assertThat(plans()).containsExactly(Optional.empty());
    assertThat(store.references().ofAllPlatforms(CENTOS.canonical()))
        .containsExactly(found(CENTOS, DIGEST));
  }

  @Test
  void whatASweepLooksAfterIsNotForgottenThoughItNeverWasWhole() {
    ReferenceKey broken = key("r/broken:1");
    store
        .references()
        .putSwept(StoreSamples.failed(broken, Optional.empty(), NOON), NOON, "nightly");
    store.sweptTags().put("nightly", tag(broken.canonical(), 1, Optional.empty()));
    assertThat(store.references().forgetNeverFound(NOON.plusSeconds(9))).isZero();

    store.sweptTags().forget("nightly", broken.canonical());
    assertThat(plans()).containsExactly(Optional.empty());
    assertThat(store.references().forgetNeverFound(NOON.plusSeconds(9))).isEqualTo(1);
  }

  private List<Optional<String>> plans() {
    return store.references().find(StoreSamples.all(10)).stream()
        .map(ReferenceWithImage::plan)
        .toList();
  }

  @Test
  void historyHasADecisionWheneverItOrItsImageChanges() {
    Digest other = Digest.ofText("other");
    store.images().put(image(DIGEST, "kata", Decision.EXCLUDED));
    store.images().put(image(other, "kata", Decision.EXCLUDED));
    store.references().put(found(CENTOS, DIGEST));
    store.history().note(CENTOS, KATA, NOON);
    store.history().note(CENTOS, KATA, NOON.plusSeconds(1));
    store.references().put(found(CENTOS, other));
    store.history().note(CENTOS, KATA, NOON.plusSeconds(2));
    store.images().put(image(other, "kata", Decision.COMPATIBLE));
    store.history().note(other, KATA, NOON.plusSeconds(3));
    store.history().note(other, KATA, NOON.plusSeconds(4));

    assertThat(store.history().history(CENTOS, "kata"))
        .containsExactly(
            new DecisionChange(NOON.plusSeconds(3), "COMPATIBLE", Optional.of(other)),
            new DecisionChange(NOON.plusSeconds(2), "EXCLUDED", Optional.of(other)),
            new DecisionChange(NOON, "EXCLUDED", Optional.of(DIGEST)));
    assertThat(store.history().history(CENTOS, "kata:3.19")).isEmpty();
    assertThat(store.history().history(key("r/other:1"), "kata")).isEmpty();
  }

  @Test
  void historyOfAnImageIsThatOfAllReferencesThatNameIt() {
    store.images().put(image(DIGEST, "kata", Decision.EXCLUDED));
    ReferenceKey other = new ReferenceKey(CENTOS.canonical(), "linux/arm64");
    store.references().put(found(CENTOS, DIGEST));
    store.references().put(found(other, DIGEST));
    store.history().note(DIGEST, KATA, NOON);
    assertThat(store.history().history(CENTOS, "kata")).hasSize(1);
    assertThat(store.history().history(other, "kata")).hasSize(1);
  }

  @Test
  void historyIsBounded() {
    for (int i = 0; i < 105; i++) {
      store
          .images()
          .put(image(DIGEST, "kata", i % 2 == 0 ? Decision.EXCLUDED : Decision.COMPATIBLE));
      if (i == 0) {
        store.references().put(found(CENTOS, DIGEST));
      }
      if (i % 3 == 0) {
        store.history().note(DIGEST, KATA, NOON.plusSeconds(i));
      } else {
        store.history().note(CENTOS, KATA, NOON.plusSeconds(i));
      }
    }
    List<DecisionChange> history = store.history().history(CENTOS, "kata");
    assertThat(history).hasSize(100);
    assertThat(history.get(0).at()).isEqualTo(NOON.plusSeconds(104));
    assertThat(number("SELECT count(*) FROM decision_history")).isEqualTo(100);
  }

  @Test
  void referenceThatIsGoneLeavesWithALineInItsHistory() {
    store.images().put(image(DIGEST, "kata", Decision.EXCLUDED));
    store.references().put(found(CENTOS, DIGEST));
    store.history().note(CENTOS, KATA, NOON);

    assertThat(
            store.references().leave(CENTOS.canonical(), NOON.minusMillis(1), NOON.plusSeconds(1)))
        .as("a lookup found it since")
        .isEmpty();
    store.references().put(StoreSamples.failed(CENTOS, Optional.of(DIGEST), NOON.plusSeconds(5)));
    assertThat(
            store.references().leave(CENTOS.canonical(), NOON.minusMillis(1), NOON.plusSeconds(1)))
        .containsExactly(CENTOS);

    assertThat(store.references().reference(CENTOS)).isEmpty();
    assertThat(store.history().history(CENTOS, "kata"))
        .extracting(DecisionChange::decision)
        .containsExactly(DecisionChange.GONE, "EXCLUDED");
    assertThat(store.history().forgetGone(NOON.plusSeconds(1), 10)).isZero();
    assertThat(store.history().forgetGone(NOON.plusSeconds(2), 10)).isEqualTo(1);
    assertThat(store.history().history(CENTOS, "kata")).isEmpty();
  }

  @Test
  void referenceThatIsBackGoesOnWithItsHistory() {
    store.images().put(image(DIGEST, "kata", Decision.EXCLUDED));
    store.references().put(found(CENTOS, DIGEST));
    store.history().note(CENTOS, KATA, NOON);
    store.references().leave(CENTOS.canonical(), NOON, NOON.plusSeconds(1));
    store.references().put(found(CENTOS, DIGEST));
    store.history().note(CENTOS, KATA, NOON.plusSeconds(2));
    assertThat(store.history().history(CENTOS, "kata"))
        .extracting(DecisionChange::decision)
        .containsExactly("EXCLUDED", DecisionChange.GONE, "EXCLUDED");
    assertThat(store.history().forgetGone(NOON.plusSeconds(9), 10)).isZero();
  }
}
