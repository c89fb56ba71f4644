package dev.imgcompat.service.lists;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFacts;
import dev.imgcompat.core.verdict.ReportFacts.ReportLayer;
import dev.imgcompat.core.verdict.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has reports share what is equal in them: most layers and findings are those of a few base images,
 * and most of a revision is that of the one before. For one thread.
 */
final class SharedParts {
  private final Map<Object, Object> parts = new HashMap<>();

  /** The first part that was equal to it. */
  @SuppressWarnings("unchecked") // what is equal to a record, text or list is of its type
  private <T> T one(T part) {
    T first = (T) parts.putIfAbsent(part, part);
    return first == null ? part : first;
  }

  /** An equal report. */
  ImageReport of(ImageReport image) {
    String reference = one(image.reference());
    return new ImageReport(
        reference,
        image.canonical().equals(reference) ? reference : one(image.canonical()),
        image.digest().map(this::one),
        image.indexDigest().map(this::one),
        image.configDigest().map(this::one),
        one(image.platform()),
        one(image.scannedAt()),
        image.facts().map(this::facts),
        image.verdicts().stream().map(this::verdict).toList(),
        one(image.notes()),
        one(image.error()));
  }

  private ReportFacts facts(ReportFacts facts) {
    return one(
        new ReportFacts(
            one(facts.distribution()),
            one(facts.libc()),
            one(facts.rpm()),
            one(facts.elf()),
            one(facts.start()),
            facts.layers().stream().map(this::layer).toList(),
            one(facts.elfFiles())));
  }

  private ReportLayer layer(ReportLayer layer) {
    return one(
        new ReportLayer(
            digest(layer.digest()), digest(layer.diffId()), layer.bytes(), layer.fromCache()));
  }

  private Optional<Digest> digest(Optional<Digest> digest) {
    return one(digest.map(this::one));
  }

  private Verdict verdict(Verdict verdict) {
    List<Finding> findings = verdict.findings().stream().map(this::one).toList();
    return one(
        new Verdict(
            verdict.runtime(),
            verdict.decision(),
            one(verdict.kernelParams()),
            findings,
            one(verdict.notes())));
  }
}
