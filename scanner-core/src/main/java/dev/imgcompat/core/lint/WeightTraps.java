package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Member;
import java.util.List;

/** Traps of the weights by which executors are drawn. */
final class WeightTraps {
  private WeightTraps() {}

  static void find(RouterConfig config, Traps traps) {
    for (RouterExecutor executor : config.executors()) {
      executor
          .members()
          .get(RouterExecutor.WEIGHTAGE)
          .filter(m -> !m.value().isNull())
          .ifPresent(m -> weight(executor, m, traps));
    }
    lists(config, traps);
    fallback(config, traps);
  }

  private static void weight(RouterExecutor executor, Member member, Traps traps) {
    Weight weight = executor.weight();
    if (weight.counted() < 0 || weight.drawn() < 0) {
      traps.error(
          member.place(),
          "weight-negative",
          "a negative weight takes builds from other executors, or gives the first of all every"
              + " build: write 0 or more");
    } else if (!weight.isNumber() && weight.drawn() == 0) {
      traps.error(
          member.place(),
          "weight-not-number",
          "'weightage' is "
              + member.value().noun()
              + " that is no number, which counts as 0: no build is drawn to "
              + executor.quoted()
              + ": write a whole number");
    } else if (!weight.isUnambiguous()) {
      traps.error(
          member.place(),
          "weight-not-whole",
          "the router draws a number below the sum of all weights, but goes by the whole number at"
              + " the start of each; of this one the two differ, so that builds go elsewhere, also to"
              + " the first executor, whatever its weight: write a whole number");
    }
  }

  private static void lists(RouterConfig config, Traps traps) {
    List<RouterExecutor> listed =
        config.executors().stream().filter(e -> !e.patterns().isEmpty()).toList();
    boolean anyWeight = config.executors().stream().anyMatch(RouterExecutor::hasWeight);
    boolean anyDrawn = config.executors().stream().anyMatch(e -> e.weight().isPositive());
    for (RouterExecutor executor : listed) {
      Member list = executor.members().get(RouterExecutor.EXCLUSIONS).orElseThrow();
      if (!anyDrawn && (anyWeight || config.isWhole())) {
        traps.warning(
            list.place(),
            "weights-zero",
            "no executor has a weight, so that none is drawn, this list is never read, and every build"
                + " runs on the default: write 'weightage: 100' for the executor that is meant to"
                + " run builds, unless a variable such as WEIGHT_K8S sets it");
      } else if (anyDrawn
          && !executor.weight().isPositive()
          && (executor.hasWeight()
              || config.isWhole()
              || !Shipped.EXECUTORS.contains(executor.key()))) {
        traps.warning(
            list.place(),
            "list-without-weight",
            executor.quoted()
                + " has no weight and is never drawn, so that nothing has to be excluded from it:"
                + " write 'weightage', unless a variable such as WEIGHT_K8S sets it");
      }
    }
  }

  private static void fallback(RouterConfig config, Traps traps) {
    config
        .defaultExecutor()
        .filter(e -> e.weight().isPositive() && e.patterns().isEmpty())
        .filter(
            e ->
                config.executors().stream()
                    .anyMatch(o -> o.weight().isPositive() && !o.patterns().isEmpty()))
        .ifPresent(
            e ->
                traps.note(
                    e.members().get(RouterExecutor.WEIGHTAGE).orElseThrow().place(),
                    "fallback-drawn",
                    "the default "
                        + e.quoted()
                        + " has a weight, so that it also gets images that nobody excludes: write 0"
                        + " if it is for excluded ones only"));
  }
}
