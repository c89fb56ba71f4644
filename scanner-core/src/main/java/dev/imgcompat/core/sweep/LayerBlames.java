package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.SweepSummary.LayerBlame;
import dev.imgcompat.core.sweep.state.Ruling;
import dev.imgcompat.core.sweep.state.Ruling.Cause;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts for how many tags each layer is why they are EXCLUDED. Not thread-safe. */
final class LayerBlames {
  /** Layers that are counted at a time; past it those with few tags are dropped. */
  private static final int MOST_LAYERS = 100_000;

  private final String runtime;
  private final Map<Digest, Blame> blames = new HashMap<>();

  private static final class Blame {
    private final String example;
    private final Optional<String> path;
    private final Map<String, Long> rules = new HashMap<>();
    private long tags;
    private long repositories;
    private String lastRepository = "";

    Blame(String example, Optional<String> path) {
      this.example = example;
      this.path = path;
    }

    LayerBlame of(Digest layer) {
      String rule =
          rules.entrySet().stream()
              .max(
                  Map.Entry.<String, Long>comparingByValue()
                      .thenComparing(Map.Entry.comparingByKey()))
              .map(Map.Entry::getKey)
              .orElseThrow();
      return new LayerBlame(layer, tags, repositories, rule, path, example);
    }
  }

  LayerBlames(String runtime) {
    this.runtime = runtime;
  }

  /** Takes a tag; those of a repository come one after the other. */
  void add(String repository, TagRecord tag) {
    Set<Digest> blamed = new HashSet<>();
    tag.outcomes().stream()
        .flatMap(o -> o.rulings().stream())
        .filter(r -> r.runtime().equals(runtime) && r.decision() == Decision.EXCLUDED)
        .map(Ruling::causes)
        .flatMap(List::stream)
        .forEach(
            cause ->
                cause
                    .layer()
                    .filter(blamed::add)
                    .ifPresent(layer -> blame(layer, cause, repository, tag)));
  }

  private void blame(Digest layer, Cause cause, String repository, TagRecord tag) {
    Blame blame = blames.computeIfAbsent(layer, d -> new Blame(tag.reference(), cause.path()));
    blame.tags++;
    blame.rules.merge(cause.rule(), 1L, Long::sum);
    if (!blame.lastRepository.equals(repository)) {
      blame.lastRepository = repository;
      blame.repositories++;
    }
    if (blames.size() > MOST_LAYERS) {
      long few =
          blames.values().stream()
              .mapToLong(b -> b.tags)
              .sorted()
              .skip(MOST_LAYERS / 2)
              .findFirst()
              .orElse(0);
      blames.values().removeIf(b -> b.tags <= few);
    }
  }

  /** Those with most tags first. */
  List<LayerBlame> worst(int most) {
    return blames.entrySet().stream()
        .map(e -> e.getValue().of(e.getKey()))
        .sorted(
            Comparator.comparingLong(LayerBlame::tags)
                .reversed()
                .thenComparing(b -> b.layer().value()))
        .limit(most)
        .toList();
  }
}
