package dev.imgcompat.core.verdict;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.rules.Finding;
import java.util.List;

/**
 * Whether an image runs on one target, and why.
 *
 * @param runtime the target's name, such as {@code kata} or {@code kata:3.19}
 * @param decision for that target
 * @param kernelParams what the guest needs, sorted; empty unless {@code NEEDS_KERNEL_PARAMS}
 * @param findings deciding ones first
 * @param notes one line each
 */
public record Verdict(
    String runtime,
    Decision decision,
    List<String> kernelParams,
    List<Finding> findings,
    List<String> notes) {
  public Verdict {
    requireNonNull(runtime, "runtime is null");
    requireNonNull(decision, "decision is null");
    kernelParams = List.copyOf(kernelParams);
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  /** The verdict on an image of which nothing is known. */
  public static Verdict unknown(String runtime) {
    return new Verdict(runtime, Decision.UNKNOWN, List.of(), List.of(), List.of());
  }
}
