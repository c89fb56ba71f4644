package dev.imgcompat.core.sweep;

import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What is to be looked at in one registry, and those who do so: as many as may be, and only while
 * there is something to do. Safe for use by several threads.
 */
final class Lane {
  /** So that whoever looks never waits for the listing, and the listing holds few. */
  private static final int MOST_WAITING = 200;

  private static final long LOOK_MILLIS = 500;

  private final String registry;
  private final Outages outages;
  private final SweepPacing pacing;
  private final SweepControl control;
  private final Executor threads;
  private final Owner owner;
  private final ArrayDeque<Errand> waiting = new ArrayDeque<>();
  private int active;

  /** Asks a registry something. */
  interface Visit {
    /** Does so; says why it failed, if it did. */
    Optional<ScanError> run() throws InterruptedException;
  }

  /** Whom the lane belongs to. */
  interface Owner {
    /** Somebody begins to work, or may be about to. */
    void began();

    /** And works no more. */
    void ended();

    /** Nothing more comes of an errand. */
    void ended(Errand errand);

    /** The whole sweep cannot go on. */
    void abort(Throwable why);
  }

  Lane(
      String registry,
      Outages outages,
      SweepPacing pacing,
      SweepControl control,
      Executor threads,
      Owner owner) {
    this.registry = registry;
    this.outages = outages;
    this.pacing = pacing;
    this.control = control;
    this.threads = threads;
    this.owner = owner;
  }

  /**
   * Takes an errand; waits for room.
   *
   * @param patient whether to wait also while the registry is left alone
   * @return whether it was taken
   */
  synchronized boolean add(Errand errand, boolean patient) throws InterruptedException {
    while (waiting.size() >= MOST_WAITING && !control.isCancelled()) {
      if (!patient && outages.isOpen()) {
        return false;
      }
      wait(LOOK_MILLIS);
    }
    waiting.add(errand);
    begin();
    return true;
  }

  /** What is said of errands that were not taken. */
  ScanError notTaken() {
    return outages.givenUp();
  }

  /** Has somebody work who does not yet, if there is something to do and it may be. */
  private synchronized void begin() {
    int most = outages.isOpen() ? 1 : pacing.most(registry);
    int wanted = Math.min(most - active, waiting.size());
    for (int i = 0; i < wanted; i++) {
      active++;
      threads.execute(this::run);
    }
  }

  private synchronized @Nullable Errand next() {
    // One is enough to wait until a registry is back.
    boolean tooMany = active > (outages.isOpen() ? 1 : pacing.most(registry));
    @Nullable Errand next = tooMany || control.isCancelled() ? null : waiting.poll();
    if (next == null) {
      active--;
    }
    notifyAll();
    return next;
  }

  private void run() {
    owner.began();
    try {
      for (Errand errand = next(); errand != null; errand = next()) {
        try {
          one(errand);
        } catch (SweepControl.Cancelled | InterruptedException e) {
          // It stays undone, for another time.
        } catch (RuntimeException | Error e) {
          owner.abort(e);
        } finally {
          owner.ended(errand);
        }
        begin();
      }
    } finally {
      owner.ended();
    }
  }

  private void one(Errand errand) throws InterruptedException {
    control.awaitTurn();
    if (!errand.isDone() && !visit(errand::run, true)) {
      errand.giveUp(outages.givenUp());
    }
  }

  /**
   * Asks the registry something, once it may be asked.
   *
   * @param patient whether to wait also while the registry is left alone
   * @return whether it was asked
   */
  boolean visit(Visit visit, boolean patient) throws InterruptedException {
    control.awaitTurn();
    while (!outages.tryEnter()) {
      if (outages.isGivenUp() || (!patient && outages.isOpen())) {
        return false;
      }
      Instant next = outages.nextTry();
      control.awaitTime(next);
      control.awaitTurn();
    }
    boolean told = false;
    try {
      var failure = visit.run();
      told = true;
      outages.leave(failure);
    } finally {
      if (!told) {
        outages.leave();
      }
    }
    return true;
  }

  /** Wakes up who waits for room. */
  synchronized void wake() {
    notifyAll();
  }

  /** Why it is not as fast as it might be, if it is not. */
  Optional<String> note() {
    return outages.note().or(() -> pacing.note(registry));
  }
}
