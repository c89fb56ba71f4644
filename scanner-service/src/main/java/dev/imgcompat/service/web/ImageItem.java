package dev.imgcompat.service.web;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.ReportFacts;
import dev.imgcompat.core.verdict.ReportFacts.ReportDistribution;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.ReferenceWithImage;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a reference, in short.
 *
 * @param canonical the reference in full
 * @param decision for the runtime that was asked for
 * @param kernelParams what the guest needs
 * @param distribution as the release file says
 * @param scannedAt when the image was looked at, as ISO 8601 in UTC
 * @param checkedAt when the registry said last what the reference names
 * @param error why the last attempt failed
 */
record ImageItem(
    String canonical,
    String platform,
    Optional<Digest> digest,
    Optional<Digest> indexDigest,
    Decision decision,
    List<String> kernelParams,
    Optional<ReportDistribution> distribution,
    Optional<String> scannedAt,
    Optional<Instant> checkedAt,
    Optional<ScanError> error) {

  static ImageItem of(ReferenceWithImage found, String runtime) {
    StoredReference reference = found.reference();
    Optional<ImageReport> report = found.image().map(StoredImage::report);
    Verdict verdict =
        report.stream()
            .flatMap(r -> r.verdicts().stream())
            .filter(v -> v.runtime().equals(runtime))
            .findFirst()
            .orElseGet(() -> Verdict.unknown(runtime));
    return new ImageItem(
        reference.key().canonical(),
        reference.key().platform(),
        reference.digest(),
        reference.indexDigest(),
        verdict.decision(),
        verdict.kernelParams(),
        report.flatMap(ImageReport::facts).flatMap(ReportFacts::distribution),
        report.map(ImageReport::scannedAt),
        Optional.of(reference.checkedAt()).filter(t -> t.isAfter(Instant.EPOCH)),
        reference.failure());
  }
}
