package dev.imgcompat.service.sweep;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.service.scan.QueueFullException;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.SweepQuery;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.Cause;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Sweeps by way of the store: whichever replica does one hears of it. */
final class StoredSweeps implements Sweeps {
  private final Store store;
  private final SweepQueue queue;
  private final SweepScheduler scheduler;
  private final RunningSweeps running;
  private final Plans plans;
  private final PlanCheck check;
  private final Clock clock;

  StoredSweeps(
      Store store,
      SweepQueue queue,
      SweepScheduler scheduler,
      RunningSweeps running,
      Plans plans,
      PlanCheck check,
      Clock clock) {
    this.store = store;
    this.queue = queue;
    this.scheduler = scheduler;
    this.running = running;
    this.plans = plans;
    this.check = check;
    this.clock = clock;
  }

  @Override
  public SweepRecord order(String name)
      throws InvalidPlanException, ActiveSweepException, QueueFullException {
    Optional<SweepPlan> plan = plans.plan(name);
    if (plan.isEmpty()) {
      throw new InvalidPlanException(
          "there is no plan '"
              + Printable.of(name)
              + "'"
              + (plans.names().isEmpty()
                  ? ": sweeps.plans names no file"
                  : "; there are " + String.join(", ", plans.names())));
    }
    return queued(plan.get());
  }

  @Override
  public SweepRecord order(SweepPlan plan)
      throws InvalidPlanException, ActiveSweepException, QueueFullException {
    if (plans.plan(plan.name()).isPresent()) {
      throw new InvalidPlanException(
          "plan "
              + plan.name()
              + " is called like one of the file sweeps.plans: sweep that one by its name, or"
              + " call this one otherwise");
    }
    try {
      check.requireOfRequest(plan);
    } catch (InvalidPlanException e) {
      throw new InvalidPlanException("plan " + plan.name() + " " + e.getMessage());
    }
    return queued(plan);
  }

  private SweepRecord queued(SweepPlan plan) throws ActiveSweepException, QueueFullException {
    SweepRecord sweep = queue.add(plan, Cause.REQUEST);
    scheduler.wake();
    return sweep;
  }

  @Override
  public Optional<SweepRecord> find(String id) {
    return store.sweeps().sweep(id);
  }

  @Override
  public List<SweepRecord> find(SweepQuery query) {
    return store.sweeps().find(query);
  }

  @Override
  public boolean isNewest(SweepRecord sweep) {
    return store.sweeps().newest(sweep.plan()).filter(n -> n.id().equals(sweep.id())).isPresent();
  }

  @Override
  public boolean pause(String id) {
    boolean paused = store.sweeps().pause(id);
    running.look();
    return paused;
  }

  @Override
  public boolean resume(String id) {
    boolean resumed = store.sweeps().resume(id);
    running.look();
    scheduler.wake();
    return resumed;
  }

  @Override
  public boolean cancel(String id) {
    boolean cancelled = store.sweeps().cancel(id, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    running.look();
    if (cancelled) {
      // What it found so far may be for lists.
      store.lists().noteChange();
    }
    return cancelled;
  }

  @Override
  public List<TagRecord> tags(String plan, Optional<String> after, int limit) {
    return store.sweptTags().page(plan, after, limit);
  }

  @Override
  public List<PlanView> plans() {
    Instant now = clock.instant();
    return plans.all().stream()
        .map(
            plan ->
                new PlanView(
                    plan, scheduler.due(plan.name(), now), store.sweeps().newest(plan.name())))
        .toList();
  }
}
