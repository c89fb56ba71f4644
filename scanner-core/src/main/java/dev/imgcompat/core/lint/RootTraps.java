package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Member;
import dev.imgcompat.core.lint.ConfigValue.Members;
import dev.imgcompat.core.lint.ConfigValue.Place;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Traps of where the executors stand in a file. */
final class RootTraps {
  private static final Set<String> OF_AN_EXECUTOR =
      Set.of(
          RouterExecutor.EXCLUSIONS,
          RouterExecutor.WEIGHTAGE,
          RouterExecutor.PLUGIN_NAME,
          "exclusion");
  private static final int DEPTH = 3;

  private RootTraps() {}

  /** Returns whether there are executors to look at. */
  static boolean find(RouterConfig config, Traps traps) {
    for (ConfigValue root : config.roots()) {
      if (!(root instanceof Members) && !root.isNull()) {
        traps.error(
            root.place(),
            "root-not-map",
            "the file holds "
                + root.noun()
                + ", in which the worker finds no executor: begin with 'executor:'");
      } else if (root instanceof Members members && members.get("executor").isEmpty()) {
        misplaced(members, DEPTH)
            .ifPresent(
                place ->
                    traps.error(
                        place,
                        "executor-misplaced",
                        "executors stand here, but not under a key 'executor' at the top, where"
                            + " alone the worker looks for them; it keeps those of its other files:"
                            + " move them to 'executor:' without indentation"));
      }
    }
    Optional<Member> executor = config.executor();
    if (executor.isEmpty()) {
      if (config.isWhole()) {
        traps.error(
            config.start(),
            "executor-missing",
            "no key 'executor' in these files; the worker cannot start any build: add it");
      } else {
        traps.note(
            config.start(),
            "executor-missing",
            "no key 'executor' at the top of these files: nothing of the router's is in them");
      }
      return false;
    }
    ConfigValue value = executor.get().value();
    if (!(value instanceof Members)) {
      traps.error(
          executor.get().place(),
          "executor-not-map",
          "'executor' is "
              + value.noun()
              + "; the worker finds no executor in it, and cannot start any build: write a map of"
              + " 'plugin' and the executors");
      return false;
    }
    return true;
  }

  private static Optional<Place> misplaced(Members members, int depth) {
    for (Map.Entry<String, Member> entry : members.members().entrySet()) {
      if (entry.getValue().value() instanceof Members inner) {
        boolean isExecutor =
            entry.getKey().equalsIgnoreCase("executor")
                || inner.members().keySet().stream().anyMatch(OF_AN_EXECUTOR::contains);
        if (isExecutor) {
          return Optional.of(entry.getValue().place());
        }
        Optional<Place> deeper = depth > 1 ? misplaced(inner, depth - 1) : Optional.empty();
        if (deeper.isPresent()) {
          return deeper;
        }
      }
    }
    return Optional.empty();
  }
}
