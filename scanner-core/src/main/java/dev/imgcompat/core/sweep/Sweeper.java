package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.Tally.How;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.source.ReferenceSource;
import dev.imgcompat.core.sweep.state.SweepState;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One sweep: lists references, selects, looks at each, keeps what it finds. Used once; all methods
 * but {@link #run} may be called by any thread meanwhile.
 */
public final class Sweeper {
  /** How often to look whether a tag is still there that is not selected any more. */
  private static final Duration UNSELECTED = Duration.ofDays(7);

  private static final int MOST_REPOSITORIES = 200_000;

  private final SweepPlan plan;
  private final long run;
  private final Instant begunAt;
  private final List<ReferenceSource> sources;
  private final Inspector inspector;
  private final SweepState state;
  private final SweepListener listener;
  private final Clock clock;
  private final SweepControl control;
  private final Lanes lanes;
  private final Tally tally;
  private final TagLook look;
  private final Instant startedAt;
  private final Gaps gaps = new Gaps();

  /** Repositories of which something was picked, where not everything is. */
  private final Set<String> picked = ConcurrentHashMap.newKeySet();

  /**
   * Prepares a sweep.
   *
   * @param plan what to sweep, but for its sources
   * @param run its number: one more than that of the sweep before; the same again to resume one
   * @param begunAt when it was begun first
   * @param sources what to list, one after the other; are not closed
   * @param inspector looks at images
   * @param pacing is told by the registry client of the inspector
   * @param state keeps what is found
   * @param listener is told how it goes
   * @param clock of all times
   */
  public Sweeper(
      SweepPlan plan,
      long run,
      Instant begunAt,
      List<ReferenceSource> sources,
      Inspector inspector,
      SweepPacing pacing,
      SweepState state,
      SweepListener listener,
      Clock clock) {
    this(
        plan,
        run,
        begunAt,
        sources,
        inspector,
        pacing,
        state,
        listener,
        clock,
        Outages.Patience.DEFAULT);
  }

  Sweeper(
      SweepPlan plan,
      long run,
      Instant begunAt,
      List<ReferenceSource> sources,
      Inspector inspector,
      SweepPacing pacing,
      SweepState state,
      SweepListener listener,
      Clock clock,
      Outages.Patience patience) {
    this.plan = plan;
    this.run = run;
    this.begunAt = begunAt;
    this.sources = List.copyOf(sources);
    this.inspector = inspector;
    this.state = state;
    this.listener = listener;
    this.clock = clock;
    this.control = new SweepControl(plan.quietHours(), clock);
    this.lanes = new Lanes(patience, isOfOneRegistry(), pacing, control, clock);
    this.startedAt = now();
    this.tally = new Tally(startedAt, state.size());
    this.look = new TagLook(run, plan.tolerance(), inspector, state, tally, listener, clock);
  }

  /** Then nobody else has to wait while it is left alone. */
  private boolean isOfOneRegistry() {
    return sources.size() == 1 && !sources.get(0).isWritten();
  }

  /** Pauses and ends it. */
  public SweepControl control() {
    return control;
  }

  /** How far it is. */
  public SweepProgress progress() {
    Map<String, String> waiting = new TreeMap<>(lanes.notes());
    control.waiting().ifPresent(w -> waiting.put("", w));
    return tally.progress(waiting);
  }

  /**
   * Runs it to its end.
   *
   * @throws InterruptedException if this thread was interrupted; it can be resumed
   * @throws RuntimeException that of the state, if that fails; it can be resumed
   */
  public SweepSummary run() throws InterruptedException {
    boolean whole = false;
    try (lanes) {
      try {
        whole = list();
        tally.listedAll();
        lanes.awaitEnd();
        if (whole) {
          lookForGone();
        }
      } catch (SweepControl.Cancelled e) {
        whole = false;
      } finally {
        lanes.wake();
      }
      lanes.awaitEnd();
    } catch (InterruptedException e) {
      control.cancel();
      throw e;
    }
    return summary(whole);
  }

  /** Lists everything; false if a source broke off. */
  private boolean list() throws InterruptedException {
    boolean whole = true;
    try (Picker picker =
        new Picker(
            plan.selection(),
            begunAt,
            inspector,
            plan.pace().concurrency(),
            control,
            lanes,
            new ToBeLookedAt())) {
      for (ReferenceSource source : sources) {
        try {
          control.awaitTurn();
          picker.begin(!source.isWritten());
          long before = picker.count();
          source.list(picker);
          if (picker.count() == before && source.isWritten()) {
            throw new ScanException.NotFound("it names no image");
          }
        } catch (ScanException e) {
          gaps.add(source.name(), e);
          warn(source.name(), e);
          whole = false;
        }
        picker.finish();
      }
    }
    return whole;
  }

  private void warn(String what, ScanException why) {
    listener.warning(what + " could not be listed: " + why.getMessage());
  }

  /** Hands over what was picked. */
  private final class ToBeLookedAt implements Picker.Picked {
    @Override
    public void picked(ListedReference listed) throws InterruptedException {
      if (plan.selection().asksForTimes() && picked.size() < MOST_REPOSITORIES) {
        picked.add(repository(listed.reference()));
      }
      if (lanes.add(new Look(listed))) {
        tally.found();
      }
      if (control.isCancelled()) {
        throw new SweepControl.Cancelled();
      }
    }

    @Override
    public void unlisted(String what, ScanException why) {
      gaps.add(what, why);
      warn(what, why);
    }

    @Override
    public void unlisted(String registry, String repository, ScanException why) {
      gaps.add(registry, repository, why);
      warn("repository " + registry + "/" + repository, why);
    }
  }

  /** Looks at a tag, if that was not done yet. */
  private final class Look implements Errand {
    private final ListedReference listed;
    private volatile Optional<TagRecord> known = Optional.empty();

    Look(ListedReference listed) {
      this.listed = listed;
    }

    @Override
    public ListedReference about() {
      return listed;
    }

    @Override
    public boolean isDone() {
      known = look.known(listed);
      if (known.filter(look::isDone).isEmpty()) {
        return false;
      }
      if (known.get().lookedAt().isBefore(startedAt)) {
        tally.done(How.RESUMED);
      } else {
        tally.foundTwice();
      }
      return true;
    }

    @Override
    public Optional<ScanError> run() throws InterruptedException {
      return look.look(listed, known);
    }

    @Override
    public void giveUp(ScanError why) {
      look.giveUp(listed, known, why);
    }
  }

  /** What a sweep before saw and this one did not is gone, or is not selected any more. */
  private void lookForGone() throws InterruptedException {
    Instant expired = clock.instant().minus(plan.tolerance().keepGone());
    Instant due = clock.instant().minus(UNSELECTED);
    try {
      state.forEach(
          tag -> {
            if (tag.goneSince().filter(since -> !since.isAfter(expired)).isPresent()) {
              state.forget(tag.reference());
            } else if (tag.run() != run && tag.goneSince().isEmpty()) {
              lookWhetherGone(tag, due);
            }
          });
    } catch (Stopped e) {
      throw new InterruptedException();
    }
  }

  private void lookWhetherGone(TagRecord tag, Instant due) {
    InRegistry reference = CanonicalName.of(tag.reference());
    if (gaps.mayHave(reference)) {
      gaps.unreached();
      return;
    }
    boolean missed = isMissed(reference);
    // What the sweep before saw is looked for at once, what was not selected then now and again.
    if (!missed && tag.run() < run - 1 && tag.lookedAt().isAfter(due)) {
      return;
    }
    try {
      ListedReference listed = ListedReference.of(reference);
      lanes.add(missed ? new MissedLook(listed) : new GoneLook(listed));
    } catch (InterruptedException e) {
      throw new Stopped();
    }
    if (control.isCancelled()) {
      throw new SweepControl.Cancelled();
    }
  }

  /**
   * Whether a listing that is right would have had it: then it is a tag like the others, if it is
   * there. Registries list less, without a word, to whoever lost a right, and while tags are
   * deleted.
   */
  private boolean isMissed(InRegistry reference) {
    return plan.selection().wants(reference)
        && sources.stream().anyMatch(s -> s.enumerates(reference))
        && (!plan.selection().asksForTimes() || !picked.contains(repository(reference)));
  }

  private static String repository(InRegistry reference) {
    return reference.registry() + "/" + reference.repository();
  }

  /** Leaves a loop that cannot throw an {@link InterruptedException}. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("interrupted", null, false, false);
    }
  }

  /** Looks at a tag that was not listed, and should have been if it is there. */
  private final class MissedLook implements Errand {
    private final ListedReference missed;

    MissedLook(ListedReference missed) {
      this.missed = missed;
    }

    @Override
    public ListedReference about() {
      return missed;
    }

    @Override
    public Optional<ScanError> run() throws InterruptedException {
      Optional<ScanError> failure = look.lookAtMissed(missed, look.known(missed));
      if (look.known(missed).filter(t -> t.goneSince().isEmpty()).isPresent()) {
        tally.found();
      }
      return failure;
    }

    @Override
    public void giveUp(ScanError why) {
      gaps.unreached();
    }
  }

  /** Looks whether a tag that was not listed is gone. */
  private final class GoneLook implements Errand {
    private final ListedReference missed;

    GoneLook(ListedReference missed) {
      this.missed = missed;
    }

    @Override
    public ListedReference about() {
      return missed;
    }

    @Override
    public Optional<ScanError> run() throws InterruptedException {
      Optional<ScanError> failure = look.lookWhetherGone(missed);
      failure.ifPresent(f -> gaps.unreached());
      return failure;
    }

    @Override
    public void giveUp(ScanError why) {
      gaps.unreached();
    }
  }

  private SweepSummary summary(boolean whole) {
    SummaryMaker maker = new SummaryMaker(run, inspector.runtime());
    maker.read(state);
    boolean cancelled = control.isCancelled();
    boolean all = whole && gaps.count() == 0 && gaps.unreachedTags() == 0;
    boolean nothing = maker.isEmpty() && gaps.count() > 0;
    return new SweepSummary(
        plan.name(),
        run,
        begunAt,
        now(),
        cancelled ? End.CANCELLED : all ? End.COMPLETE : End.INCOMPLETE,
        progress(),
        inspector.runtime(),
        maker.decisions(),
        maker.repositoryCount(),
        maker.repositories(),
        maker.changes(),
        maker.changed(),
        maker.failures(),
        maker.blames().worst(SweepSummary.MOST),
        gaps.some(),
        gaps.count(),
        whole
            && !cancelled
            && !nothing
            && !gaps.isUnknownExtent()
            && !maker.hasTooManyFailures(plan.tolerance().failures(), gaps.unreachedTags()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
