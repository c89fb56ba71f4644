package dev.imgcompat.core.verdict;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.RuleEngine;
import dev.imgcompat.core.rules.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Turns findings into a verdict. Safe for use by several threads. */
public final class Judge {
  /** How the note begins that says why a scan is incomplete. */
  public static final String INCOMPLETE = "incomplete: ";

  private final RuleEngine engine;

  public Judge(RuleEngine engine) {
    this.engine = engine;
  }

  /** Judges an image for a target; {@code layers} gives the digests of its layers by index. */
  public Verdict judge(ImageFacts facts, IntFunction<Optional<Digest>> layers, Target target) {
    RuleEngine.Outcome outcome = engine.evaluate(facts, layers, target);
    List<String> notes = new ArrayList<>(outcome.notes());
    Set<String> needed = new TreeSet<>();
    boolean excluded = false;
    for (Finding finding : outcome.findings()) {
      if (finding.decides()) {
        excluded |= finding.kernelParams().isEmpty();
        needed.addAll(finding.kernelParams());
      }
    }
    Decision decision =
        excluded
            ? Decision.EXCLUDED
            : needed.isEmpty() ? Decision.COMPATIBLE : Decision.NEEDS_KERNEL_PARAMS;
    if (!facts.incomplete().isEmpty()) {
      // What is proven stays proven, whatever the rest may be.
      decision = excluded ? Decision.EXCLUDED : Decision.UNKNOWN;
      int more = facts.incomplete().size() - 1;
      notes.add(
          INCOMPLETE
              + facts.incomplete().get(0)
              + (more == 0 ? "" : " (and " + more + " more of this kind)"));
    }
    return new Verdict(
        target.name(),
        decision,
        decision == Decision.NEEDS_KERNEL_PARAMS ? List.copyOf(needed) : List.of(),
        outcome.findings(),
        notes);
  }
}
