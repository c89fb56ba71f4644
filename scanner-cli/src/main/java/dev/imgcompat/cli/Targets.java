package dev.imgcompat.cli;

import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.rules.RulePackException;
import dev.imgcompat.core.rules.RuntimeFiles;
import dev.imgcompat.core.rules.RuntimeProfile;
import dev.imgcompat.core.rules.Target;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the runtimes that were asked for, in their order, each once. */
final class Targets {
  /** The name of every runtime that is known. */
  static final String ALL = "all";

  private static final String FILE = "file:";

  private Targets() {}

  static List<Target> of(List<String> names, RulePack pack) throws UsageException {
    Set<Target> targets = new LinkedHashSet<>();
    for (String name : names) {
      if (name.equals(ALL)) {
        pack.runtimes().stream().map(RuntimeProfile::id).map(pack::target).forEach(targets::add);
      } else {
        targets.add(of(name, pack));
      }
    }
    Set<String> seen = new HashSet<>();
    for (Target target : targets) {
      if (!seen.add(target.name())) {
        throw new UsageException(
            "two different runtimes are called '"
                + target.name()
                + "': verdicts could not be told apart; give one another id");
      }
    }
    return List.copyOf(targets);
  }

  /** Finds {@code NAME[:VERSION]} in the pack, or {@code file:FILE[#NAME[:VERSION]]}. */
  static Target of(String name, RulePack pack) throws UsageException {
    try {
      return name.startsWith(FILE)
          ? RuntimeFiles.target(name.substring(FILE.length()))
          : pack.target(name);
    } catch (IllegalArgumentException | RulePackException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
