package dev.imgcompat.core.sweep;

import dev.imgcompat.core.sweep.SweepSummary.ChangedTag;
import dev.imgcompat.core.sweep.SweepSummary.FailureCause;
import dev.imgcompat.core.sweep.SweepSummary.RepositoryResult;
import dev.imgcompat.core.sweep.state.SweepState;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.sweep.state.TagChange.Kind;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/** Sums up what is kept of one run, in one pass that holds little. Not thread-safe. */
final class SummaryMaker {
  private static final Comparator<RepositoryResult> WORST_FIRST =
      Comparator.comparingLong(SummaryMaker::concerned)
          .reversed()
          .thenComparing(RepositoryResult::repository);

  /** Kinds of failures are few, but strangers' lists are long. */
  private static final int MOST_CAUSES = 1_000;

  /** Some registries list tags that they have no more. */
  private static final String NOT_FOUND = "not-found";

  private final long run;
  private final String runtime;
  private final LayerBlames blames;
  private final Map<Decision, Long> decisions = zeros();
  private final PriorityQueue<RepositoryResult> repositories =
      new PriorityQueue<>(WORST_FIRST.reversed());
  private final Map<Kind, Long> changes = new EnumMap<>(Kind.class);
  private final List<ChangedTag> changed = new ArrayList<>();
  private final Map<String, FailureCause> failures = new HashMap<>();
  private long repositoryCount;
  private String repository = "";
  private Map<Decision, Long> ofRepository = zeros();
  private long failedLooks;
  private long tags;

  SummaryMaker(long run, String runtime) {
    this.run = run;
    this.runtime = runtime;
    this.blames = new LayerBlames(runtime);
  }

  void read(SweepState state) {
    state.forEach(
        tag -> {
          if (tag.run() == run) {
            add(tag);
          }
        });
    endRepository();
  }

  private void add(TagRecord tag) {
    Optional<TagChange> change = Changes.last(tag.history()).filter(c -> c.run() == run);
    // What is new to the first sweep is everything.
    change.filter(c -> run > 1).ifPresent(c -> changed(tag, c));
    if (tag.goneSince().isPresent()) {
      return;
    }
    String name = repository(tag.reference());
    if (!name.equals(repository)) {
      endRepository();
      repository = name;
    }
    tags++;
    Decision decision = tag.decision(runtime);
    decisions.merge(decision, 1L, Long::sum);
    ofRepository.merge(decision, 1L, Long::sum);
    tag.failure().ifPresent(f -> failed(tag, f));
    if (decision == Decision.EXCLUDED) {
      blames.add(name, tag);
    }
  }

  /** Without tag and digest. */
  private static String repository(String reference) {
    int at = reference.indexOf('@');
    String name = at < 0 ? reference : reference.substring(0, at);
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }

  private void endRepository() {
    if (repository.isEmpty()) {
      return;
    }
    repositoryCount++;
    repositories.add(new RepositoryResult(repository, ofRepository));
    if (repositories.size() > SweepSummary.MOST) {
      repositories.remove();
    }
    ofRepository = zeros();
  }

  private static long concerned(RepositoryResult result) {
    return result.decisions().entrySet().stream()
        .filter(e -> e.getKey() != Decision.COMPATIBLE)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static Map<Decision, Long> zeros() {
    Map<Decision, Long> zeros = new EnumMap<>(Decision.class);
    for (Decision decision : Decision.values()) {
      zeros.put(decision, 0L);
    }
    return zeros;
  }

  private void changed(TagRecord tag, TagChange change) {
    changes.merge(change.kind(), 1L, Long::sum);
    if (changed.size() < SweepSummary.MOST) {
      int count = tag.history().size();
      Optional<Decision> before =
          count < 2 || change.kind() == Kind.NEW
              ? Optional.empty()
              : Optional.of(decision(tag.history().get(count - 2)));
      Optional<Decision> now =
          change.kind() == Kind.GONE ? Optional.empty() : Optional.of(decision(change));
      changed.add(new ChangedTag(tag.reference(), change.kind(), before, now));
    }
  }

  private Decision decision(TagChange change) {
    return change.decisions().getOrDefault(runtime, Decision.UNKNOWN);
  }

  private void failed(TagRecord tag, ScanError failure) {
    if (!Broken.is(failure) && !failure.kind().equals(NOT_FOUND)) {
      failedLooks++;
    }
    String key = failure.kind() + " " + failure.whoseMove();
    if (failures.size() < MOST_CAUSES || failures.containsKey(key)) {
      failures.merge(
          key,
          new FailureCause(
              failure.kind(), failure.whoseMove(), 1, tag.reference(), failure.message()),
          (a, b) ->
              new FailureCause(a.kind(), a.whoseMove(), a.tags() + 1, a.example(), a.message()));
    }
  }

  /**
   * Whether so many tags could not be looked at that the rest says little.
   *
   * @param unreached tags that are known besides those of the run
   */
  boolean hasTooManyFailures(int percent, long unreached) {
    return (failedLooks + unreached) * 100 > percent * Math.max(1, tags + unreached);
  }

  /** Whether the run has no tags. */
  boolean isEmpty() {
    return tags == 0;
  }

  Map<Decision, Long> decisions() {
    return decisions;
  }

  long repositoryCount() {
    return repositoryCount;
  }

  List<RepositoryResult> repositories() {
    return repositories.stream().sorted(WORST_FIRST).toList();
  }

  Map<Kind, Long> changes() {
    return changes;
  }

  List<ChangedTag> changed() {
    return changed;
  }

  List<FailureCause> failures() {
    return failures.values().stream()
        .sorted(
            Comparator.comparingLong(FailureCause::tags)
                .reversed()
                .thenComparing(FailureCause::kind))
        .limit(SweepSummary.MOST)
        .toList();
  }

  LayerBlames blames() {
    return blames;
  }
}
