package dev.imgcompat.service.sweep;

import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.plan.SweepPlanException;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import dev.imgcompat.service.background.Background;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.RetentionStore;
import dev.imgcompat.service.store.RetentionStore.Page;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweptTagStore.Left;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go what is not there any more, and what nothing uses any more. Several replicas may do so at
 * once.
 */
final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private static final Duration EVERY = Duration.ofMinutes(30);
  private static final Duration FIRST = Duration.ofSeconds(10);

  /** Of a plan that is not in the file no whole sweep may ever come. */
  private static final Duration UNCONFIRMED = Duration.ofDays(7);

  /** After which such a plan is forgotten. */
  private static final Duration OTHER_PLANS = Duration.ofDays(30);

  private final Store store;
  private final Settings.Retention settings;
  private final int runs;
  private final Set<String> plans;
  private final Clock clock;
  private final Background background = new Background("retention");

  /**
   * Creates one.
   *
   * @param plans names of those in the operator's file
   */
  Retention(Store store, Settings settings, Collection<String> plans, Clock clock) {
    this.store = store;
    this.settings = settings.retention();
    this.runs = settings.sweeps().keep();
    this.plans = Set.copyOf(plans);
    this.clock = clock;
  }

  /** Begins to do so every now and then. */
  void start() {
    background.after(FIRST, this::clean);
    background.every(EVERY, this::clean);
  }

  /** Does so now. */
  void clean() {
    try {
      store.sweeps().plans().forEach(this::leave);
      store.sweeps().forgetOld(runs);
      Instant history = before(settings.history());
      store.sweeps().plans().forEach(plan -> forget(plan, history));
      RetentionStore kept = store.retention();
      while (kept.linkImages() > 0) {
        LOG.debug("noted what images are made of");
      }
      int images = walk(after -> kept.forgetImages(after, now(), before(settings.images())));
      int outcomes = walk(after -> kept.forgetOutcomes(after, before(settings.images())));
      int documents = 0;
      int facts = 0;
      // A replica of before may have kept one just now; then it is for the next time.
      if (kept.allLinked()) {
        Instant unused = before(settings.documents());
        documents = walk(after -> kept.forgetDocuments(after, unused));
        facts = walk(after -> kept.forgetFacts(after, unused, before(settings.facts())));
      }
      int gone = 0;
      int some;
      do {
        some = store.history().forgetGone(history, RetentionStore.PAGE);
        gone += some;
      } while (some == RetentionStore.PAGE);
      if (images + outcomes + documents + facts + gone > 0) {
        LOG.info(
            "forgot {} images, {} documents and facts of {} layers that nothing uses, and the"
                + " history of {} references that are gone",
            images,
            documents,
            facts,
            gone);
      }
    } catch (StoreUnavailableException e) {
      // The next time, then.
    }
  }

  private static int walk(Function<Optional<String>, Page> walk) {
    int forgotten = 0;
    Optional<String> after = Optional.empty();
    do {
      Page page = walk.apply(after);
      forgotten += page.forgotten();
      after = page.last();
    } while (after.isPresent());
    return forgotten;
  }

  /**
   * Has tags that are gone leave lists, after their time, if the newest sweep of their plan was
   * whole.
   */
  void leave(String plan) {
    Optional<SweepRecord> newest =
        store
            .sweeps()
            .newest(plan)
            .filter(s -> s.summary().filter(SweepSummary::mayShrink).isPresent());
    if (newest.isEmpty()) {
      return;
    }
    Instant expired = now().minus(tolerance(newest.get()).keepGone());
    int left = 0;
    List<Left> page;
    do {
      page = store.sweptTags().forgotten(plan, expired.plusMillis(1), RetentionStore.PAGE);
      for (Left tag : page) {
        left += store.references().leave(tag.reference(), tag.goneSince(), now()).size();
        store.sweptTags().remove(plan, tag);
      }
    } while (page.size() == RetentionStore.PAGE);
    if (left > 0) {
      LOG.info("{} references of {} that are gone from their registry have left", left, plan);
      store.lists().noteChange();
    }
  }

  /** Plans of requests would add up, and may hold lists up though nobody sweeps them again. */
  private void forget(String plan, Instant history) {
    if (plans.contains(plan)) {
      store.sweeps().forgetPlan(plan, history);
      return;
    }
    if (store.sweeps().endHold(plan, before(UNCONFIRMED))) {
      LOG.info("lists get what sweeps of {} found: it was not swept again", plan);
      store.lists().noteChange();
    }
    Instant others = before(OTHER_PLANS);
    store.sweeps().forgetPlan(plan, others.isAfter(history) ? others : history);
  }

  private static Tolerance tolerance(SweepRecord sweep) {
    try {
      return SweepPlanFile.parse(sweep.definition().getBytes(StandardCharsets.UTF_8)).tolerance();
    } catch (SweepPlanException e) {
      return Tolerance.DEFAULT; // a plan of another version of this program
    }
  }

  private Instant before(Duration age) {
    return now().minus(age);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public void close() {
    background.close();
  }
}
