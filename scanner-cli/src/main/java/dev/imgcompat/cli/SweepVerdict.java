package dev.imgcompat.cli;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.verdict.Decision;
import java.util.Map;
import java.util.Optional;

/** What the process ends with after a sweep. */
final class SweepVerdict implements SweepOutput {
  private final Optional<Decision> threshold;
  private boolean unknown;
  private boolean reached;

  /**
   * Creates one.
   *
   * @param threshold from which decision on it is a failure, for any runtime
   */
  SweepVerdict(Optional<Decision> threshold) {
    this.threshold = threshold;
  }

  @Override
  public void repository(RepositoryTally repository) {
    for (Map<Decision, Long> counts : repository.decisions().values()) {
      for (Decision decision : counts.keySet()) {
        unknown |= decision == Decision.UNKNOWN;
        reached |= threshold.filter(t -> decision.compareTo(t) >= 0).isPresent();
      }
    }
  }

  @Override
  public void end(SweepSummary summary) {}

  int exitCode(SweepSummary summary) {
    if (summary.failures().stream().anyMatch(f -> f.kind().equals(ScanException.Internal.KIND))) {
      return ExitCode.DEFECT;
    }
    if (unknown || summary.end() == End.INCOMPLETE || !summary.failures().isEmpty()) {
      return ExitCode.NOT_SCANNED;
    }
    return reached ? ExitCode.VERDICT : ExitCode.OK;
  }
}
