package dev.imgcompat.service.lists;

import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.service.store.ListRevision;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.SweepStore.Hold;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a new revision of the lists when decisions have changed, unless too much would be gone.
 * Safe for use by several threads, and by several replicas: of two that make the same revision one
 * wins.
 */
public final class ListMaker {
  private static final Logger LOG = LoggerFactory.getLogger(ListMaker.class);

  /** What is held back may pass once other removals are long enough ago. */
  private static final Duration HELD = Duration.ofMinutes(10);

  /** Over which time removals add up. */
  private static final Duration WINDOW = Duration.ofDays(1);

  private final Store store;
  private final Basis basis;
  private final RemovalGuard guard;
  private final Clock clock;
  private final AtomicReference<ListGuard> state = new AtomicReference<>(ListGuard.OPEN);

  /** What the state was made of. */
  private long changesSeen = -1;

  private long revisionSeen = -1;
  private Instant lookedAt = Instant.EPOCH;

  ListMaker(Store store, Basis basis, RemovalGuard guard, Clock clock) {
    this.store = store;
    this.basis = basis;
    this.guard = guard;
    this.clock = clock;
  }

  /** Makes a new revision, if there is something new; looks anew if another replica made one. */
  public synchronized void makeIfChanged() {
    long changes = store.lists().changes();
    long newest = store.lists().newestRevision().orElse(0);
    boolean due = state.get().held().isPresent() && clock.instant().isAfter(lookedAt.plus(HELD));
    if (changes == changesSeen && newest == revisionSeen && !due) {
      return;
    }
    lookedAt = clock.instant();
    revisionSeen = make(false);
    // What has changed since is for the next time.
    changesSeen = changes;
  }

  /**
   * Makes a new revision, whatever would be gone.
   *
   * @return the newest revision
   */
  synchronized long makeAnyway() {
    revisionSeen = make(true);
    return revisionSeen;
  }

  /** Whether something is held back. */
  ListGuard state() {
    return state.get();
  }

  private long make(boolean anyway) {
    Optional<ListRevision> newest = store.lists().newest();
    SharedParts parts = new SharedParts();
    Map<String, Hold> holds = anyway ? Map.of() : store.sweeps().holds();
    Optional<Report> published =
        holds.isEmpty() ? Optional.empty() : newest.map(n -> ReportBytes.report(n.report(), parts));
    HeldFindings findings = HeldFindings.of(holds, basis.runtimes(), published);
    Decisions now = Decisions.of(store, basis, findings, parts);
    long revision = newest.map(ListRevision::revision).orElse(0L);
    OptionalInt removed = anyway ? OptionalInt.empty() : OptionalInt.of(0);
    Optional<String> held = Optional.empty();
    if (newest.isPresent() && !anyway && !newest.get().fingerprint().equals(now.fingerprint())) {
      RemovalGuard.Passed passed =
          guard.pass(
              published.orElseGet(() -> ReportBytes.report(newest.get().report(), parts)),
              now.report(),
              store.lists().removedSince(clock.instant().minus(WINDOW)));
      now = Decisions.of(passed.report());
      removed = OptionalInt.of(passed.removed());
      held = passed.held();
    }
    note(held.or(findings::removals));
    if (newest.filter(sameAs(now)).isPresent()) {
      return revision;
    }
    if (!store
        .lists()
        .publish(
            new ListRevision(
                revision + 1,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                now.fingerprint(),
                ReportBytes.of(now.report())),
            removed)) {
      return store.lists().newestRevision().orElse(revision);
    }
    LOG.info("lists of revision {} with {} images", revision + 1, now.report().images().size());
    return revision + 1;
  }

  private static Predicate<ListRevision> sameAs(Decisions now) {
    return revision -> revision.fingerprint().equals(now.fingerprint());
  }

  private void note(Optional<String> held) {
    if (held.isEmpty()) {
      state.set(ListGuard.OPEN);
      return;
    }
    Optional<Instant> since = state.get().since();
    if (since.isEmpty()) {
      LOG.warn("removals are held back: {}; POST /v1/lists/publish lets them pass", held.get());
    }
    state.set(new ListGuard(held, since.or(() -> Optional.of(clock.instant()))));
  }
}
