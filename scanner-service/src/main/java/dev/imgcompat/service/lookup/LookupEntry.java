package dev.imgcompat.service.lookup;

import dev.imgcompat.service.store.ScanRecord.Cause;
import dev.imgcompat.service.subject.Knowledge;
import dev.imgcompat.service.subject.Subject;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What is known of a subject, as it is kept in memory. What is not final here is whether it is
 * being compared with the store.
 */
final class LookupEntry {
  private final Subject subject;
  private final Knowledge known;
  private final boolean allowed;
  private final boolean uncertain;
  private final long loadedAt;
  private final Instant lookedAtUntil;
  private final Instant holdsUntil;
  private final AtomicBoolean refreshing = new AtomicBoolean();

  /**
   * Creates one.
   *
   * @param allowed whether the registry may be asked
   * @param uncertain whether the store did not answer
   * @param loadedAt on the clock of {@link System#nanoTime}
   * @param lookedAtUntil when a scan is due
   * @param holdsUntil when the answer becomes stale
   */
  LookupEntry(
      Subject subject,
      Knowledge known,
      boolean allowed,
      boolean uncertain,
      long loadedAt,
      Instant lookedAtUntil,
      Instant holdsUntil) {
    this.subject = subject;
    this.known = known;
    this.allowed = allowed;
    this.uncertain = uncertain;
    this.loadedAt = loadedAt;
    this.lookedAtUntil = lookedAtUntil;
    this.holdsUntil = holdsUntil;
  }

  Subject subject() {
    return subject;
  }

  Knowledge known() {
    return known;
  }

  boolean isAllowed() {
    return allowed;
  }

  boolean isUncertain() {
    return uncertain;
  }

  /** Whether there is a verdict that no longer holds for sure. */
  boolean isStale(Instant now) {
    return known.verdict(subject.runtime()).isPresent() && now.isAfter(holdsUntil);
  }

  /** The scan to wish for, if one is due. */
  Optional<Cause> due(Instant now) {
    if (!allowed || !now.isAfter(lookedAtUntil)) {
      return Optional.empty();
    }
    return Optional.of(known.verdict(subject.runtime()).isPresent() ? Cause.STALE : Cause.LOOKUP);
  }

  /** Whether what the store has may well be more: nothing is known here, or it is time to look. */
  boolean isWorthWaiting(Instant now) {
    return known.verdict(subject.runtime()).isEmpty() || now.isAfter(lookedAtUntil);
  }

  /** Whether it is time to compare it with the store, and nobody does so. */
  boolean beginRefresh(long nanoTime, long refreshNanos) {
    return nanoTime - loadedAt > refreshNanos && refreshing.compareAndSet(false, true);
  }

  /** The store did not answer: the next one who asks may try again. */
  void endRefresh() {
    refreshing.set(false);
  }

  /** Roughly, in bytes. */
  int weight() {
    return 2_000
        + known
            .image()
            .map(
                i ->
                    400
                        * i.report().verdicts().stream()
                            .mapToInt(v -> 1 + v.findings().size() + v.notes().size())
                            .sum())
            .orElse(0);
  }
}
