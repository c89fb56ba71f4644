package dev.imgcompat.core.rules;

import dev.imgcompat.core.rootfs.Scope;
import java.util.List;

/**
 * A rule that holds for an image on a target.
 *
 * @param rule its id
 * @param scope the most important of what it holds for
 * @param effect as the rule states it
 * @param decides whether the verdict follows from it, under the policy in force
 * @param summary one line
 * @param evidence best first; at most {@link RuleEngine#MAX_EVIDENCE}
 * @param evidenceCount how many there are in all
 * @param chain how the image comes to depend on it, in words, one step a line
 * @param remedies empty where the target has the capability by parameters that it sets already
 * @param references where to check the claim
 */
public record Finding(
    String rule,
    Scope scope,
    Effect effect,
    boolean decides,
    String summary,
    List<Evidence> evidence,
    int evidenceCount,
    List<String> chain,
    List<Remedy> remedies,
    List<String> references) {
  public Finding {
    evidence = List.copyOf(evidence);
    chain = List.copyOf(chain);
    remedies = List.copyOf(remedies);
    references = List.copyOf(references);
  }

  /** The kernel parameters with which this no longer stands in the way; empty where none helps. */
  public List<String> kernelParams() {
    return remedies.stream().flatMap(r -> r.kernelParams().stream()).distinct().toList();
  }
}
