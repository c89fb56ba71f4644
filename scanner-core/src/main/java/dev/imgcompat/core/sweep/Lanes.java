package dev.imgcompat.core.sweep;

import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Spreads errands over the lanes of their registries, so that one that is slow or down does not
 * hold up the others. A reference that is in a lane is not taken a second time. Safe for use by
 * several threads.
 */
final class Lanes implements Lane.Owner, AutoCloseable {
  /** Over all registries. */
  private static final int MOST_THREADS = 64;

  private final Outages.Patience patience;
  private final boolean patient;
  private final SweepPacing pacing;
  private final SweepControl control;
  private final Clock clock;
  private final ExecutorService threads;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
  private final Set<String> inLanes = ConcurrentHashMap.newKeySet();
  private int working;
  private @Nullable Throwable defect;

  /**
   * Creates them.
   *
   * @param patient whether to wait while a registry is left alone of which much is waiting;
   *     otherwise the rest of it is given up, so that others have their turn
   */
  Lanes(
      Outages.Patience patience,
      boolean patient,
      SweepPacing pacing,
      SweepControl control,
      Clock clock) {
    this.patience = patience;
    this.patient = patient;
    this.pacing = pacing;
    this.control = control;
    this.clock = clock;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            MOST_THREADS,
            task -> {
              Thread thread = new Thread(task, "sweep-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes an errand; waits for room.
   *
   * @return whether there was none about the same reference
   */
  boolean add(Errand errand) throws InterruptedException {
    if (!inLanes.add(name(errand))) {
      return false;
    }
    Lane lane = lane(errand.about().reference().registry());
    if (!lane.add(errand, patient)) {
      try {
        if (!errand.isDone()) {
          errand.giveUp(lane.notTaken());
        }
      } finally {
        ended(errand);
      }
    }
    return true;
  }

  /**
   * Has whoever calls ask a registry something, beside what is in its lane, once it may be asked.
   *
   * @return why it was not asked, if it was not
   */
  Optional<ScanError> visit(String registry, Lane.Visit visit) throws InterruptedException {
    Lane lane = lane(registry);
    return lane.visit(visit, patient) ? Optional.empty() : Optional.of(lane.notTaken());
  }

  private Lane lane(String ofRegistry) {
    return lanes.computeIfAbsent(
        ofRegistry,
        registry ->
            new Lane(
                registry, new Outages(registry, patience, clock), pacing, control, threads, this));
  }

  private static String name(Errand errand) {
    return errand.about().reference().canonical();
  }

  /**
   * Waits until nothing is in a lane any more; where the sweep was ended, until nobody works.
   *
   * @throws RuntimeException if something went wrong that is not of one tag
   */
  synchronized void awaitEnd() throws InterruptedException {
    while (control.isCancelled() ? working > 0 : !inLanes.isEmpty()) {
      // Whoever ends the sweep wakes nobody here.
      wait(100);
    }
    if (defect instanceof Error error) {
      throw error;
    }
    if (defect instanceof RuntimeException failure) {
      throw failure;
    }
  }

  @Override
  public synchronized void began() {
    working++;
  }

  @Override
  public synchronized void ended() {
    working--;
    notifyAll();
  }

  @Override
  public synchronized void ended(Errand errand) {
    inLanes.remove(name(errand));
    notifyAll();
  }

  @Override
  public void abort(Throwable why) {
    synchronized (this) {
      if (defect == null) {
        defect = why;
      }
    }
    control.cancel();
    lanes.values().forEach(Lane::wake);
  }

  /** Ends the waiting for room, after the sweep was ended. */
  void wake() {
    lanes.values().forEach(Lane::wake);
  }

  /** Why registries are not asked as fast as they might be. */
  Map<String, String> notes() {
    Map<String, String> notes = new TreeMap<>();
    lanes.forEach((registry, lane) -> lane.note().ifPresent(n -> notes.put(registry, n)));
    return notes;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
