package dev.imgcompat.core.rules;

import java.util.List;
import java.util.Optional;

/**
 * One rule of the pack: facts that match need a capability of the guest.
 *
 * @param id stable
 * @param on the kind of fact
 * @param match what the fact must be like
 * @param requires the capability
 * @param effect on the verdict
 * @param summary with placeholders
 * @param references where to check the claim
 */
record Rule(
    String id,
    Signal.Kind on,
    Match match,
    String requires,
    Effect effect,
    String summary,
    List<String> references) {

  /** Conditions; those that are empty hold for everything. */
  record Match(
      Optional<Integer> elfClass,
      List<String> machines,
      List<String> families,
      List<String> platforms,
      Optional<VersionRange> version) {

    boolean holds(Signal signal) {
      return elfClass.map(c -> c == signal.elfClass()).orElse(true)
          && (machines.isEmpty() || machines.contains(signal.machine()))
          && (families.isEmpty() || families.contains(signal.family()))
          && (platforms.isEmpty() || platforms.contains(signal.platform()))
          && version.map(v -> v.contains(signal.version())).orElse(true);
    }
  }
}
