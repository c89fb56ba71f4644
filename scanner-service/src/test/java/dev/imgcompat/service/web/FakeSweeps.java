package dev.imgcompat.service.web;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.ChangedTag;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.SweepSummary.FailureCause;
import dev.imgcompat.core.sweep.SweepSummary.LayerBlame;
import dev.imgcompat.core.sweep.SweepSummary.RepositoryResult;
import dev.imgcompat.core.sweep.SweepSummary.Unlisted;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.sweep.plan.SweepPlanException;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.service.scan.QueueFullException;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.store.SweepQuery;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.Cause;
import dev.imgcompat.service.store.SweepRecord.State;
import dev.imgcompat.service.sweep.ActiveSweepException;
import dev.imgcompat.service.sweep.InvalidPlanException;
import dev.imgcompat.service.sweep.Sweeps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Knows the plan {@code nightly}, and one called {@code full} that does not fit. */
final class FakeSweeps implements Sweeps {
  static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  final Map<String, SweepRecord> sweeps = new ConcurrentHashMap<>();
  final ConcurrentSkipListMap<String, TagRecord> tags = new ConcurrentSkipListMap<>();
  volatile boolean down;

  static SweepProgress progress(long done) {
    return new SweepProgress(
        NOON,
        10,
        false,
        OptionalLong.of(12),
        0,
        done,
        0,
        0,
        0,
        3,
        4,
        1 << 20,
        Map.of("", "paused"));
  }

  /** Keeps a sweep. */
  SweepRecord put(String plan, long run, State state) {
    String id = Digest.ofText(plan + run).hex().substring(0, 32);
    boolean done = state == State.DONE;
    SweepRecord sweep =
        new SweepRecord(
            id,
            plan,
            run,
            Cause.REQUEST,
            Publishing.AT_END,
            state,
            false,
            NOON.plusSeconds(run),
            Optional.of(NOON),
            done ? Optional.of(NOON) : Optional.empty(),
            "{}",
            Optional.of(progress(5)),
            done ? Optional.of(summary(plan, run)) : Optional.empty(),
            state == State.FAILED ? Optional.of("it failed") : Optional.empty());
    sweeps.put(id, sweep);
    return sweep;
  }

  private static SweepSummary summary(String plan, long run) {
    Map<Decision, Long> decisions = Map.of(Decision.EXCLUDED, 412L);
    return new SweepSummary(
        plan,
        run,
        NOON,
        NOON,
        End.COMPLETE,
        progress(10),
        "kata",
        decisions,
        1,
        List.of(new RepositoryResult("r.example/app", decisions)),
        Map.of(TagChange.Kind.NEW, 1L),
        List.of(
            new ChangedTag(
                "r.example/app:1",
                TagChange.Kind.NEW,
                Optional.empty(),
                Optional.of(Decision.EXCLUDED))),
        List.of(
            new FailureCause(
                "foreign",
                "user",
                1,
                "r.example/app:2",
                "--allow-foreign-layers fetches it from there")),
        List.of(
            new LayerBlame(
                Digest.ofText("layer"),
                412,
                3,
                "elf-32",
                Optional.of("/bin/x"),
                "r.example/app:1")),
        List.of(
            new Unlisted(
                "repository r.example/x",
                "access-denied",
                "user",
                "log in with 'docker login r.example'")),
        1,
        true);
  }

  private void requireUp() {
    if (down) {
      throw new StoreUnavailableException(
          "the store does not answer", new IllegalStateException("jdbc:secret"));
    }
  }

  @Override
  public SweepRecord order(String plan)
      throws InvalidPlanException, ActiveSweepException, QueueFullException {
    requireUp();
    if (!plan.equals("nightly")) {
      throw new InvalidPlanException("there is no plan '" + plan + "'; there are nightly");
    }
    return queued(plan);
  }

  @Override
  public SweepRecord order(SweepPlan plan)
      throws InvalidPlanException, ActiveSweepException, QueueFullException {
    return queued(plan.name());
  }

  private SweepRecord queued(String plan) throws ActiveSweepException, QueueFullException {
    if (plan.equals("full")) {
      throw new QueueFullException(7, "sweeps", Duration.ofMillis(1200));
    }
    Optional<SweepRecord> active =
        sweeps.values().stream()
            .filter(s -> s.plan().equals(plan) && s.state().isActive())
            .findFirst();
    if (active.isPresent()) {
      throw new ActiveSweepException(plan, active.get().id());
    }
    return put(
        plan,
        sweeps.values().stream().filter(s -> s.plan().equals(plan)).count() + 1,
        State.QUEUED);
  }

  @Override
  public Optional<SweepRecord> find(String id) {
    requireUp();
    return Optional.ofNullable(sweeps.get(id));
  }

  @Override
  public List<SweepRecord> find(SweepQuery query) {
    requireUp();
    return sweeps.values().stream()
        .filter(s -> query.plan().filter(p -> !p.equals(s.plan())).isEmpty())
        .filter(s -> query.state().filter(p -> p != s.state()).isEmpty())
        .filter(
            s -> query.after().filter(a -> !s.requestedAt().isBefore(a.requestedAt())).isEmpty())
        .sorted(Comparator.comparing(SweepRecord::requestedAt).reversed())
        .limit(query.limit())
        .toList();
  }

  @Override
  public boolean isNewest(SweepRecord sweep) {
    return sweeps.values().stream()
        .noneMatch(s -> s.plan().equals(sweep.plan()) && s.run() > sweep.run());
  }

  @Override
  public boolean pause(String id) {
    return to(id, State.PAUSED);
  }

  @Override
  public boolean resume(String id) {
    return to(id, State.RUNNING);
  }

  @Override
  public boolean cancel(String id) {
    return to(id, State.CANCELLED);
  }

  private boolean to(String id, State state) {
    SweepRecord sweep = sweeps.get(id);
    if (!sweep.state().isActive()) {
      return false;
    }
    put(sweep.plan(), sweep.run(), state);
    return true;
  }

  @Override
  public List<TagRecord> tags(String plan, Optional<String> after, int limit) {
    requireUp();
    return tags.tailMap(after.orElse(""), false).values().stream().limit(limit).toList();
  }

  @Override
  public List<PlanView> plans() {
    try {
      SweepPlan plan =
          SweepPlanFile.parse(
              """
              {"name": "nightly", "schedule": "0 2 * * *", "timeZone": "Europe/Berlin",
               "sources": [{"registry": "r.example"}]}
              """
                  .getBytes(StandardCharsets.UTF_8));
      return List.of(
          new PlanView(plan, Optional.of(NOON), Optional.of(put("nightly", 99, State.DONE))));
    } catch (SweepPlanException e) {
      throw new AssertionError(e);
    }
  }
}
