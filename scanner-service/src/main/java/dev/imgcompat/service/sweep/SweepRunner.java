package dev.imgcompat.service.sweep;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.sweep.plan.SweepPlanException;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.State;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Does sweeps. One that is interrupted, or whose process dies, is begun again with the same number,
 * by whichever process comes to it: tags that were dealt with are not looked at again.
 */
final class SweepRunner {
  private static final Logger LOG = LoggerFactory.getLogger(SweepRunner.class);

  /** After which to look again whether a sweep may go on. */
  private static final Duration LATER = Duration.ofSeconds(2);

  private final Store store;
  private final Assembly assembly;
  private final RunningSweeps running;
  private final SweepWatch watch;
  private final PlanCheck check;
  private final Consumer<String> ended;
  private final Semaphore places;
  private final Clock clock;
  private volatile boolean stopping;

  /**
   * Creates one.
   *
   * @param ended is told of which plan a sweep has ended
   * @param atOnce how many to do at a time
   */
  SweepRunner(
      Store store,
      Assembly assembly,
      RunningSweeps running,
      SweepWatch watch,
      PlanCheck check,
      Consumer<String> ended,
      int atOnce,
      Clock clock) {
    this.store = store;
    this.assembly = assembly;
    this.running = running;
    this.watch = watch;
    this.check = check;
    this.ended = ended;
    this.places = new Semaphore(atOnce);
    this.clock = clock;
  }

  /**
   * Does a sweep.
   *
   * @return when to go on with it; empty if it has ended
   * @throws StoreUnavailableException if the store failed meanwhile
   */
  Optional<Instant> run(String id) {
    Optional<SweepRecord> found = store.sweeps().sweep(id).filter(s -> s.state().isActive());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    boolean heldUp = found.get().state() == State.PAUSED && !found.get().cancelled();
    if (stopping || heldUp || !places.tryAcquire()) {
      return later();
    }
    String worker = UUID.randomUUID().toString();
    MDC.put("sweep", id);
    try {
      Optional<SweepRecord> begun = store.sweeps().begin(id, worker, now());
      return begun.isEmpty() ? Optional.empty() : run(begun.get(), worker);
    } finally {
      MDC.remove("sweep");
      places.release();
    }
  }

  private Optional<Instant> run(SweepRecord sweep, String worker) {
    if (sweep.cancelled()) {
      end(sweep, worker, State.CANCELLED, Optional.empty(), Optional.empty());
      return Optional.empty();
    }
    SweepPlan plan;
    Assembly.Assembled assembled;
    try {
      plan = SweepPlanFile.parse(sweep.definition().getBytes(StandardCharsets.UTF_8));
      // The settings may be others than when it was queued.
      check.requireOfFile(plan);
      assembled = assembly.assemble(sweep, plan);
    } catch (SweepPlanException | InvalidPlanException | ScanException e) {
      fail(sweep, worker, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
    try (assembled) {
      return run(sweep, worker, assembled);
    }
  }

  private Optional<Instant> run(SweepRecord sweep, String worker, Assembly.Assembled assembled) {
    boolean continuously = sweep.publishing() == Publishing.CONTINUOUSLY;
    RunningSweeps.obey(assembled.sweeper().control(), sweep);
    running.put(
        new RunningSweeps.Running(
            sweep,
            worker,
            assembled.sweeper().control(),
            assembled.sweeper()::progress,
            () -> assembled.state().takeChanged() && continuously,
            Thread.currentThread()));
    if (stopping) {
      running.interrupt();
    }
    watch.begun(sweep.plan());
    LOG.info("sweep {} of {} begins or goes on", sweep.run(), sweep.plan());
    SweepSummary summary;
    try {
      summary = assembled.sweeper().run();
    } catch (InterruptedException e) {
      return interrupted(sweep, worker);
    } catch (RuntimeException e) {
      if (stopping) {
        LOG.debug("a sweep was interrupted", e);
        return interrupted(sweep, worker);
      }
      throw e;
    } finally {
      running.remove(sweep.id());
      // Somebody may have interrupted it just as it ended, and the store is yet to be told.
      boolean unused = Thread.interrupted();
      watch.ended(sweep.plan());
    }
    boolean cancelled = summary.end() == End.CANCELLED;
    end(
        sweep,
        worker,
        cancelled ? State.CANCELLED : State.DONE,
        Optional.of(summary),
        Optional.empty());
    return Optional.empty();
  }

  /** Another process goes on with it, or this one does. */
  private Optional<Instant> interrupted(SweepRecord sweep, String worker) {
    running.remove(sweep.id());
    boolean unused = Thread.interrupted();
    try {
      store.sweeps().release(sweep.id(), worker);
    } catch (StoreUnavailableException e) {
      LOG.debug("a sweep that was interrupted could not be put back", e);
    }
    return Optional.of(clock.instant());
  }

  /** Gives up a sweep that fails again and again. */
  void giveUp(String id, String why) {
    String worker = UUID.randomUUID().toString();
    store
        .sweeps()
        .begin(id, worker, now())
        .ifPresent(sweep -> fail(sweep, worker, "a defect of this program: " + why));
  }

  private void fail(SweepRecord sweep, String worker, String why) {
    end(sweep, worker, State.FAILED, Optional.empty(), Optional.of(why));
  }

  private void end(
      SweepRecord sweep,
      String worker,
      State state,
      Optional<SweepSummary> summary,
      Optional<String> error) {
    if (!store.sweeps().end(sweep.id(), worker, state, summary, error, now())) {
      return; // another process has it
    }
    if (error.isPresent()) {
      LOG.warn("sweep {} of {} failed: {}", sweep.run(), sweep.plan(), error.get());
    } else {
      LOG.info(
          "sweep {} of {} is {}: {} tags, {} failed, {} bytes pulled",
          sweep.run(),
          sweep.plan(),
          state,
          summary.map(s -> s.progress().done()).orElse(0L),
          summary.map(s -> s.progress().failed()).orElse(0L),
          summary.map(s -> s.progress().bytes()).orElse(0L));
    }
    store.lists().noteChange();
    ended.accept(sweep.plan());
  }

  /** Has all sweeps of this process stop where they are; no more are begun. */
  void stop() {
    stopping = true;
    running.interrupt();
  }

  private Optional<Instant> later() {
    return Optional.of(clock.instant().plus(LATER));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
