package dev.imgcompat.core.sweep.state;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One image that a tag names.
 *
 * @param platform as its config claims it
 * @param digest of its manifest
 * @param rulings one for each target
 * @param error why it could not be scanned
 */
public record TagOutcome(
    Optional<String> platform,
    Optional<Digest> digest,
    List<Ruling> rulings,
    Optional<ScanError> error) {
  public TagOutcome {
    rulings = List.copyOf(rulings);
  }

  /** Shortens a report. */
  public static TagOutcome of(ImageReport report) {
    return new TagOutcome(
        report.platform(),
        report.digest(),
        report.verdicts().stream().map(Ruling::of).toList(),
        report.error());
  }

  /** The decisions by runtime: of several images the worst. */
  public static Map<String, Decision> decisions(List<TagOutcome> outcomes) {
    Map<String, Decision> worst = new TreeMap<>();
    for (TagOutcome outcome : outcomes) {
      for (Ruling ruling : outcome.rulings()) {
        worst.merge(ruling.runtime(), ruling.decision(), TagOutcome::worse);
      }
    }
    return worst;
  }

  /** Nothing is worse than not to know, but to know that it does not run. */
  private static Decision worse(Decision one, Decision other) {
    if (one == Decision.EXCLUDED || other == Decision.EXCLUDED) {
      return Decision.EXCLUDED;
    }
    return one.compareTo(other) >= 0 ? one : other;
  }
}
