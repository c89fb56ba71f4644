package dev.imgcompat.service.web;

import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.FailureCause;
import dev.imgcompat.core.sweep.SweepSummary.Unlisted;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.service.scan.ServiceWords;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.Cause;
import dev.imgcompat.service.store.SweepRecord.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A sweep, as it is shown.
 *
 * @param cancelled whether somebody ended it, or is about to
 * @param summary what it came to; absent in lists of sweeps
 */
record SweepBody(
    String id,
    String plan,
    long run,
    Cause cause,
    State state,
    boolean cancelled,
    Publishing publishing,
    Instant requestedAt,
    Optional<Instant> begunAt,
    Optional<Instant> finishedAt,
    Optional<Progress> progress,
    Optional<SweepSummary> summary,
    Optional<String> error) {

  /**
   * How far it is: tags, layers, and bytes of layers.
   *
   * @param startedAt when it was begun, or begun again
   * @param secondsLeft roughly, where it can be said
   */
  record Progress(
      Instant startedAt,
      long done,
      long listed,
      boolean listing,
      OptionalLong expected,
      long resumed,
      long unchanged,
      long known,
      long scanned,
      long failed,
      long pulled,
      long shared,
      long bytes,
      Map<String, String> waiting,
      OptionalLong secondsLeft) {
    static Progress of(SweepProgress progress, OptionalLong secondsLeft) {
      return new Progress(
          progress.startedAt(),
          progress.done(),
          progress.listed(),
          progress.listing(),
          progress.expected(),
          progress.resumed(),
          progress.unchanged(),
          progress.known(),
          progress.scanned(),
          progress.failed(),
          progress.pulled(),
          progress.shared(),
          progress.bytes(),
          progress.waiting(),
          secondsLeft);
    }
  }

  static SweepBody of(SweepRecord sweep, Instant now) {
    return of(sweep, now, sweep.summary().map(SweepBody::said));
  }

  static SweepBody inShort(SweepRecord sweep, Instant now) {
    return of(sweep, now, Optional.empty());
  }

  private static SweepBody of(SweepRecord sweep, Instant now, Optional<SweepSummary> summary) {
    boolean goesOn = sweep.state() == State.RUNNING;
    return new SweepBody(
        sweep.id(),
        sweep.plan(),
        sweep.run(),
        sweep.cause(),
        sweep.state(),
        sweep.cancelled(),
        sweep.publishing(),
        sweep.requestedAt(),
        sweep.begunAt(),
        sweep.finishedAt(),
        sweep
            .progress()
            .map(p -> Progress.of(p, goesOn ? secondsLeft(p, now) : OptionalLong.empty())),
        summary,
        sweep.error().map(ServiceWords::of));
  }

  /** The engine knows only what can be done on a command line. */
  private static SweepSummary said(SweepSummary summary) {
    return new SweepSummary(
        summary.plan(),
        summary.run(),
        summary.startedAt(),
        summary.endedAt(),
        summary.end(),
        summary.progress(),
        summary.runtime(),
        summary.decisions(),
        summary.repositoryCount(),
        summary.repositories(),
        summary.changes(),
        summary.changed(),
        summary.failures().stream()
            .map(
                f ->
                    new FailureCause(
                        f.kind(),
                        f.whoseMove(),
                        f.tags(),
                        f.example(),
                        ServiceWords.of(f.message())))
            .toList(),
        summary.layers(),
        summary.unlisted().stream()
            .map(u -> new Unlisted(u.what(), u.kind(), u.whoseMove(), ServiceWords.of(u.message())))
            .toList(),
        summary.unlistedCount(),
        summary.mayShrink());
  }

  /** By how fast it was since it was begun. */
  private static OptionalLong secondsLeft(SweepProgress progress, Instant now) {
    long done = progress.done() - progress.resumed();
    boolean isGuess = progress.listing() && progress.expected().isEmpty();
    long seconds = Duration.between(progress.startedAt(), now).toSeconds();
    if (done <= 0 || seconds <= 0 || isGuess) {
      return OptionalLong.empty();
    }
    long all =
        progress.listing()
            ? Math.max(progress.listed(), progress.expected().orElse(0))
            : progress.listed();
    long left = Math.max(0, all - progress.done());
    return OptionalLong.of((long) Math.ceil((double) left * seconds / done));
  }
}
