package dev.imgcompat.cli;

import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A finding that is the same for several runtimes; each may have remedies of its own.
 *
 * @param finding that of the first of them
 * @param remedies those of all of them, each once
 * @param runtimes that it holds for
 */
record SharedFinding(Finding finding, List<Remedy> remedies, List<String> runtimes) {
  /** What makes findings the same. */
  private record Key(String rule, boolean decides, String summary, List<Evidence> evidence) {}

  /** A finding, and the runtime of its verdict; two runtimes may have one name. */
  private record Held(String runtime, Finding finding) {}

  private record What(List<String> kernelParams, Optional<String> text) {}

  /** The findings of all verdicts, each once, deciding ones first. */
  static List<SharedFinding> of(List<Verdict> verdicts) {
    Map<Key, List<Held>> findings = new LinkedHashMap<>();
    for (Verdict verdict : verdicts) {
      for (Finding f : verdict.findings()) {
        findings
            .computeIfAbsent(
                new Key(f.rule(), f.decides(), f.summary(), f.evidence()), key -> new ArrayList<>())
            .add(new Held(verdict.runtime(), f));
      }
    }
    return findings.values().stream()
        .map(SharedFinding::shared)
        .sorted(Comparator.comparing(s -> !s.finding().decides()))
        .toList();
  }

  private static SharedFinding shared(List<Held> held) {
    List<Finding> all = held.stream().map(Held::finding).toList();
    return new SharedFinding(
        all.get(0), remedies(all), held.stream().map(Held::runtime).distinct().toList());
  }

  /** Each remedy once, with all that it holds for. */
  private static List<Remedy> remedies(List<Finding> findings) {
    Map<What, List<String>> holdsFor = new LinkedHashMap<>();
    for (Finding finding : findings) {
      for (Remedy remedy : finding.remedies()) {
        List<String> versions =
            holdsFor.computeIfAbsent(
                new What(remedy.kernelParams(), remedy.text()), what -> new ArrayList<>());
        remedy.holdsFor().filter(v -> !versions.contains(v)).ifPresent(versions::add);
      }
    }
    return holdsFor.entrySet().stream()
        .map(
            e ->
                new Remedy(
                    e.getKey().kernelParams(),
                    e.getValue().isEmpty()
                        ? Optional.empty()
                        : Optional.of(String.join(", ", e.getValue())),
                    e.getKey().text()))
        .toList();
  }
}
