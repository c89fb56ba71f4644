package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.plan.QuietHours;
import dev.imgcompat.core.sweep.plan.Selection;
import dev.imgcompat.core.sweep.plan.SweepPace;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.source.Listing;
import dev.imgcompat.core.sweep.source.ReferenceSource;
import dev.imgcompat.core.sweep.state.SweepState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What tests of sweeps are made of: a plan, a clock, a source that lists what it is told. */
final class SweepCase {
  final FakeImages images = new FakeImages();
  final SetClock clock = new SetClock(Instant.parse("2026-03-02T03:00:00Z"));
  final List<ListedReference> listed = new ArrayList<>();
  final List<String> unlisted = new ArrayList<>();

  /** Repositories of {@code registry.example} that cannot be listed. */
  final List<String> unlistedRepositories = new ArrayList<>();

  final SweepState state;

  Selection selection = Selection.ALL;
  SweepPace pace = SweepPace.DEFAULT;
  QuietHours quietHours = QuietHours.NONE;
  Tolerance tolerance = Tolerance.DEFAULT;
  SweepListener listener = SweepListener.NONE;
  Outages.Patience patience = new Outages.Patience(Duration.ofMillis(1), 2);
  @Nullable ScanException breaksOff;

  /** Whether the source lists all that a registry has. */
  boolean enumerates;

  /** Whether the source lists what somebody wrote. */
  boolean isWritten;

  SweepCase(SweepState state) {
    this.state = state;
  }

  /** A clock that is set. */
  static final class SetClock extends Clock {
    private final AtomicReference<Instant> now;

    SetClock(Instant now) {
      this.now = new AtomicReference<>(now);
    }

    void advance(Duration time) {
      now.updateAndGet(n -> n.plus(time));
    }

    @Override
    public Instant instant() {
      return now.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  SweepCase list(String... references) {
    for (String reference : references) {
      listed.add(ListedReference.of(FakeImages.reference(reference)));
    }
    return this;
  }

  SweepPlan plan() {
    return new SweepPlan(
        "test",
        List.of(),
        selection,
        PlatformRequest.DEFAULT,
        pace,
        quietHours,
        tolerance,
        Publishing.AT_END,
        Optional.empty());
  }

  Sweeper sweeper(long run) {
    return sweeper(run, new SweepPacing(pace, RegistryListener.NONE, clock), clock);
  }

  Sweeper sweeper(long run, SweepPacing pacing, Clock ofSweep) {
    return new Sweeper(
        plan(),
        run,
        clock.instant(),
        List.of(new Told()),
        images,
        pacing,
        state,
        listener,
        ofSweep,
        patience);
  }

  /** Sweeps, a minute after the sweep before. */
  SweepSummary sweep(long run) throws InterruptedException {
    clock.advance(Duration.ofMinutes(1));
    images.forgetQuestions();
    return sweeper(run).run();
  }

  static SweepPace pace(int concurrency) {
    return new SweepPace(concurrency, Optional.empty(), OptionalLong.empty());
  }

  private final class Told implements ReferenceSource {
    @Override
    public String name() {
      return "what the test says";
    }

    @Override
    public void list(Listing listing) throws ScanException, InterruptedException {
      for (String what : unlisted) {
        listing.unlisted(what, new ScanException.AccessDenied("no right to it"));
      }
      for (String repository : unlistedRepositories) {
        listing.unlisted(
            "registry.example", repository, new ScanException.AccessDenied("no right to it"));
      }
      for (ListedReference reference : List.copyOf(listed)) {
        listing.found(reference);
      }
      if (breaksOff != null) {
        throw breaksOff;
      }
    }

    @Override
    public boolean enumerates(InRegistry reference) {
      return enumerates;
    }

    @Override
    public boolean isWritten() {
      return isWritten;
    }

    @Override
    public void close() {}
  }
}
