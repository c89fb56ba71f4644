package dev.imgcompat.service.web;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.scan.ScanView;
import dev.imgcompat.service.store.ScanRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * A scan, as it is shown.
 *
 * @param reference as it was asked for
 * @param canonical the reference in full
 * @param decision for the runtime that was asked for
 * @param image what was found
 */
record ScanBody(
    String id,
    String reference,
    String canonical,
    String platform,
    String runtime,
    ScanRecord.Cause cause,
    ScanRecord.State state,
    Instant requestedAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    int attempts,
    Progress progress,
    Optional<Digest> digest,
    Optional<Decision> decision,
    Optional<ScanError> error,
    Optional<ImageReport> image) {

  /** How much of an image was read: layers, and bytes that were pulled. */
  record Progress(int layers, int layersDone, long bytes) {}

  static ScanBody of(ScanView view) {
    ScanRecord scan = view.scan();
    return new ScanBody(
        scan.id(),
        scan.reference(),
        scan.key().canonical(),
        scan.key().platform(),
        scan.runtime(),
        scan.cause(),
        scan.state(),
        scan.requestedAt(),
        scan.startedAt(),
        scan.finishedAt(),
        scan.attempts(),
        new Progress(scan.layers(), scan.layersDone(), scan.bytes()),
        scan.digest(),
        view.image()
            .flatMap(
                i ->
                    i.verdicts().stream()
                        .filter(v -> v.runtime().equals(scan.runtime()))
                        .findFirst())
            .map(Verdict::decision),
        scan.error(),
        view.image());
  }
}
