package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.Tally.How;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.state.SweepState;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Looks at one tag after the other, with as few requests as will do. Used by several threads. */
final class TagLook {
  private final long run;
  private final Tolerance tolerance;
  private final Inspector inspector;
  private final SweepState state;
  private final Tally tally;
  private final SweepListener listener;
  private final Clock clock;

  TagLook(
      long run,
      Tolerance tolerance,
      Inspector inspector,
      SweepState state,
      Tally tally,
      SweepListener listener,
      Clock clock) {
    this.run = run;
    this.tolerance = tolerance;
    this.inspector = inspector;
    this.state = state;
    this.tally = tally;
    this.listener = listener;
    this.clock = clock;
  }

  /** What is known of a tag. */
  Optional<TagRecord> known(ListedReference listed) {
    return state.tag(listed.reference().canonical());
  }

  /** Whether it was dealt with in this run already. */
  boolean isDone(TagRecord known) {
    return known.run() == run;
  }

  /**
   * Looks at a tag.
   *
   * @param before what is known of it
   * @return why it failed, if it did
   */
  Optional<ScanError> look(ListedReference listed, Optional<TagRecord> before)
      throws InterruptedException {
    Optional<Digest> digest;
    try {
      digest = listed.digest().isPresent() ? listed.digest() : inspector.digest(listed.reference());
    } catch (ScanException.NotFound e) {
      return notThere(listed, before, ScanError.of(e));
    } catch (ScanException e) {
      return failed(listed, before, before.flatMap(TagRecord::digest), ScanError.of(e));
    }
    if (digest.isPresent()) {
      if (before.filter(b -> isSame(b, digest)).isPresent()) {
        return carryForward(before.get());
      }
      Optional<List<TagOutcome>> known = state.outcomes(digest.get(), inspector.basis());
      if (known.isPresent() && isTrusted(known.get(), before)) {
        return keep(listed, before, digest, known.get(), List.of());
      }
    }
    List<ImageReport> reports = inspector.scan(listed.reference(), digest, tally);
    List<TagOutcome> outcomes = reports.stream().map(TagOutcome::of).toList();
    return keep(listed, before, digest.or(() -> named(reports)), outcomes, reports);
  }

  /** Of a registry that answers no HEAD the scan tells what the tag names. */
  private static Optional<Digest> named(List<ImageReport> reports) {
    return reports.stream().flatMap(r -> r.indexDigest().or(r::digest).stream()).findFirst();
  }

  /** Whether looking closer would find the same. */
  private boolean isSame(TagRecord before, Optional<Digest> digest) {
    return before.digest().equals(digest)
        && before.basis().equals(inspector.basis())
        && (before.failure().isEmpty() || isStillBroken(before));
  }

  private boolean isStillBroken(TagRecord before) {
    return before.failure().filter(Broken::is).isPresent()
        && before
            .brokenSince()
            .filter(since -> clock.instant().isBefore(since.plus(tolerance.retryBroken())))
            .isPresent();
  }

  /** A broken image that is due to be read once more is not taken over from another tag. */
  private static boolean isTrusted(List<TagOutcome> known, Optional<TagRecord> before) {
    boolean broken = known.stream().anyMatch(o -> o.error().isPresent());
    boolean due = before.flatMap(TagRecord::failure).filter(Broken::is).isPresent();
    return Broken.areSettled(known) && !(broken && due);
  }

  private Optional<ScanError> carryForward(TagRecord before) {
    put(
        new TagRecord(
            before.reference(),
            run,
            now(),
            before.digest(),
            before.basis(),
            before.outcomes(),
            before.failure(),
            before.brokenSince(),
            Optional.empty(),
            historyOfSame(before)),
        List.of(),
        before.failure().isPresent() ? How.FAILED : How.UNCHANGED);
    return before.failure();
  }

  /** Where it failed, the outcomes are those of the image before, and say nothing new. */
  private List<TagChange> historyOfSame(TagRecord before) {
    return before.failure().isPresent() && before.goneSince().isEmpty()
        ? before.history()
        : Changes.found(
            Optional.of(before),
            run,
            now(),
            before.digest(),
            TagOutcome.decisions(before.outcomes()));
  }

  private Optional<ScanError> keep(
      ListedReference listed,
      Optional<TagRecord> before,
      Optional<Digest> digest,
      List<TagOutcome> outcomes,
      List<ImageReport> reports) {
    Optional<ScanError> failure = failure(outcomes);
    boolean mayPass = failure.filter(f -> !Broken.is(f)).isPresent();
    boolean nothing = outcomes.stream().allMatch(o -> o.error().isPresent());
    List<TagOutcome> kept =
        nothing && before.filter(b -> staysKnown(b, digest)).isPresent()
            ? before.get().outcomes()
            : outcomes;
    put(
        new TagRecord(
            listed.reference().canonical(),
            run,
            now(),
            digest,
            inspector.basis(),
            kept,
            failure,
            failure.filter(Broken::is).map(f -> now()),
            Optional.empty(),
            mayPass && before.isPresent()
                ? before.get().history()
                : Changes.found(before, run, now(), digest, TagOutcome.decisions(outcomes))),
        reports,
        failure.isPresent() ? How.FAILED : reports.isEmpty() ? How.KNOWN : How.SCANNED);
    return failure;
  }

  /**
   * Whether what was known of a tag stays known though nothing is known of what it names now: that
   * it runs is not said of an image that nobody has seen.
   */
  private static boolean staysKnown(TagRecord before, Optional<Digest> digest) {
    return !before.outcomes().isEmpty()
        && (before.digest().equals(digest)
            || TagOutcome.decisions(before.outcomes()).containsValue(Decision.EXCLUDED));
  }

  /** The one that counts: rather one that may pass, so that it is looked at again. */
  private static Optional<ScanError> failure(List<TagOutcome> outcomes) {
    List<ScanError> failures = outcomes.stream().flatMap(o -> o.error().stream()).toList();
    return failures.stream()
        .filter(f -> !Broken.is(f))
        .findFirst()
        .or(() -> failures.stream().findFirst());
  }

  /** The registry has it no more, though it was listed just now. */
  private Optional<ScanError> notThere(
      ListedReference listed, Optional<TagRecord> before, ScanError failure) {
    if (before.filter(b -> !b.outcomes().isEmpty()).isEmpty()) {
      return failed(listed, before, Optional.empty(), failure);
    }
    gone(before.get(), Optional.of(failure));
    tally.done(How.FAILED);
    return Optional.of(failure);
  }

  private Optional<ScanError> failed(
      ListedReference listed,
      Optional<TagRecord> before,
      Optional<Digest> digest,
      ScanError failure) {
    List<TagOutcome> outcomes = before.map(TagRecord::outcomes).orElse(List.of());
    put(
        new TagRecord(
            listed.reference().canonical(),
            run,
            now(),
            digest,
            before.map(TagRecord::basis).orElse(inspector.basis()),
            outcomes,
            Optional.of(failure),
            // The image is still the broken one, as far as anybody knows.
            before.filter(b -> b.digest().equals(digest)).flatMap(TagRecord::brokenSince),
            before.flatMap(TagRecord::goneSince),
            before.isPresent()
                ? before.get().history()
                : Changes.found(before, run, now(), digest, TagOutcome.decisions(outcomes))),
        List.of(),
        How.FAILED);
    return Optional.of(failure);
  }

  /** Notes that a tag was not looked at. */
  void giveUp(ListedReference listed, Optional<TagRecord> before, ScanError why) {
    failed(listed, before, before.flatMap(TagRecord::digest), why);
  }

  /**
   * Looks at a tag that is known and was not listed: it is gone, or it is dealt with as any other.
   *
   * @return why it failed, if it did
   */
  Optional<ScanError> lookAtMissed(ListedReference missed, Optional<TagRecord> before)
      throws InterruptedException {
    try {
      Optional<Digest> digest = inspector.digest(missed.reference());
      return look(new ListedReference(missed.reference(), digest, missed.pushedAt()), before);
    } catch (ScanException.NotFound e) {
      before.ifPresent(b -> gone(b, Optional.empty()));
      return Optional.empty();
    } catch (ScanException e) {
      return failed(missed, before, before.flatMap(TagRecord::digest), ScanError.of(e));
    }
  }

  /**
   * Looks whether a tag is gone that was not listed.
   *
   * @return why that cannot be said, if it cannot
   */
  Optional<ScanError> lookWhetherGone(ListedReference missed) throws InterruptedException {
    Optional<TagRecord> before = known(missed);
    try {
      inspector.digest(missed.reference());
      before.ifPresent(b -> state.unselect(lookedAt(b)));
      return Optional.empty();
    } catch (ScanException.NotFound e) {
      before.ifPresent(b -> gone(b, Optional.empty()));
      return Optional.empty();
    } catch (ScanException e) {
      return Optional.of(ScanError.of(e));
    }
  }

  /** It is there, but not of this run: it is not selected any more. */
  private TagRecord lookedAt(TagRecord before) {
    return new TagRecord(
        before.reference(),
        before.run(),
        now(),
        before.digest(),
        before.basis(),
        before.outcomes(),
        before.failure(),
        before.brokenSince(),
        Optional.empty(),
        before.history());
  }

  private void gone(TagRecord before, Optional<ScanError> failure) {
    Instant now = now();
    boolean already = before.goneSince().isPresent();
    put(
        new TagRecord(
            before.reference(),
            run,
            now,
            before.digest(),
            before.basis(),
            before.outcomes(),
            failure,
            Optional.empty(),
            before.goneSince().or(() -> Optional.of(now)),
            already ? before.history() : Changes.gone(before, run, now)),
        List.of());
  }

  private void put(TagRecord record, List<ImageReport> reports, How how) {
    put(record, reports);
    tally.done(how);
  }

  private void put(TagRecord record, List<ImageReport> reports) {
    state.keep(record, reports);
    listener.done(record);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
