package dev.imgcompat.core.rules;

import java.util.List;
import java.util.Optional;

/**
 * One rule of the pack: facts that match need a capability of the guest, or are worth to know.
 *
 * @param id stable
 * @param on the kind of fact
 * @param match what the fact must be like
 * @param requires the capability; without one the rule holds for every target
 * @param effect on the verdict
 * @param decidesIn the scopes in which it may decide at the most, whatever the policy is
 * @param summary with placeholders
 * @param explanation what it is about and why, for people; may be empty
 * @param remedy what helps, for rules that require no capability
 * @param references where to check the claim
 */
record Rule(
    String id,
    Signal.Kind on,
    Match match,
    Optional<String> requires,
    Effect effect,
    Policy decidesIn,
    String summary,
    String explanation,
    Optional<String> remedy,
    List<String> references) {
  public Rule {
    references = List.copyOf(references);
  }

  /** Conditions; those that are empty hold for everything. */
  record Match(
      Optional<Integer> elfClass,
      List<String> machines,
      List<String> families,
      List<String> otherFamilies,
      List<String> platforms,
      List<String> traits,
      List<String> notTraits,
      Optional<VersionRange> version,
      Optional<VersionRange> glibc,
      boolean aboveGuestKernel) {

    boolean holds(Signal signal, Target target) {
      return elfClass.map(c -> c == signal.elfClass()).orElse(true)
          && (machines.isEmpty() || machines.contains(signal.machine()))
          && (families.isEmpty() || families.contains(signal.family()))
          && !otherFamilies.contains(signal.family())
          && (platforms.isEmpty() || platforms.contains(signal.platform()))
          && signal.traits().containsAll(traits)
          && notTraits.stream().noneMatch(signal.traits()::contains)
          && version.map(v -> v.contains(signal.version())).orElse(true)
          && glibc.map(v -> v.contains(signal.glibc())).orElse(true)
          && (!aboveGuestKernel || target.isAboveKernel(signal.version()));
    }
  }
}
