package dev.imgcompat.cli;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.core.verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which images are judged, for what, and when that is a failure. */
final class JudgementOptions {
  @Mixin private RuleOptions rules;

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Which image of an index, or all of them (default: linux/amd64).")
  private @Nullable String platform;

  @Option(
      names = "--runtime",
      paramLabel = "NAME[:VERSION]",
      split = ",",
      defaultValue = "kata",
      description = {
        "For which runtime to judge, or all (default: ${DEFAULT-VALUE}).",
        "file:FILE[#NAME[:VERSION]] takes one from a file; 'runtimes' lists and makes them."
      })
  private List<String> runtimes = new ArrayList<>();

  @Option(
      names = "--policy",
      paramLabel = "SCOPE",
      defaultValue = "any",
      description =
          "Which programs decide: start, path or any executable (default: ${DEFAULT-VALUE}).")
  private Policy policy = Policy.ANY;

  @Option(
      names = "--fail-on",
      paramLabel = "DECISION",
      defaultValue = "excluded",
      description =
          "From which decision on to end with exit code 3: needs-kernel-params, excluded or never"
              + " (default: ${DEFAULT-VALUE}).")
  private String failOn = "excluded";

  RulePack pack() throws UsageException {
    return rules.pack();
  }

  Policy policy() {
    return policy;
  }

  List<Target> targets(RulePack pack) throws UsageException {
    return Targets.of(runtimes, pack);
  }

  boolean areForAllRuntimes() {
    return runtimes.contains(Targets.ALL);
  }

  /** The platforms that were asked for, if any were. */
  Optional<PlatformRequest> platforms() throws UsageException {
    try {
      return Optional.ofNullable(platform).map(PlatformRequest::parse);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** From which decision on it is a failure; empty for never. */
  Optional<Decision> threshold() throws UsageException {
    return switch (failOn.toLowerCase(Locale.ROOT).replace('_', '-')) {
      case "needs-kernel-params" -> Optional.of(Decision.NEEDS_KERNEL_PARAMS);
      case "excluded" -> Optional.of(Decision.EXCLUDED);
      case "never" -> Optional.empty();
      default ->
          throw new UsageException(
              "'"
                  + failOn
                  + "' is nothing to fail on: write needs-kernel-params, excluded or never");
    };
  }
}
