package dev.imgcompat.core.sweep.state;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * A verdict in few words.
 *
 * @param runtime the target's name
 * @param decision for it
 * @param kernelParams what the guest needs
 * @param causes what decides; at most {@link #MAX_CAUSES}
 */
public record Ruling(
    String runtime, Decision decision, List<String> kernelParams, List<Cause> causes) {
  /** How many causes are kept. */
  public static final int MAX_CAUSES = 8;

  public Ruling {
    kernelParams = List.copyOf(kernelParams);
    causes = List.copyOf(causes);
  }

  /**
   * A finding that decides.
   *
   * @param rule its id
   * @param path of its best evidence
   * @param layer that holds this
   */
  public record Cause(String rule, Optional<String> path, Optional<Digest> layer) {}

  /** Shortens a verdict. */
  public static Ruling of(Verdict verdict) {
    return new Ruling(
        verdict.runtime(),
        verdict.decision(),
        verdict.kernelParams(),
        verdict.findings().stream()
            .filter(Finding::decides)
            .limit(MAX_CAUSES)
            .map(Ruling::cause)
            .toList());
  }

  private static Cause cause(Finding finding) {
    Optional<Evidence> best = finding.evidence().stream().findFirst();
    return new Cause(finding.rule(), best.map(Evidence::path), best.flatMap(Evidence::layer));
  }
}
