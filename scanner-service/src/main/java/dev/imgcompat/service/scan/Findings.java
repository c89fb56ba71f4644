package dev.imgcompat.service.scan;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.Subject;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Keeps what a scan found: first the image, then that a reference names it. */
final class Findings {
  private final Store store;
  private final Freshness freshness;

  Findings(Store store, Freshness freshness) {
    this.store = store;
    this.freshness = freshness;
  }

  void keep(Subject subject, ImageReport report, Instant now) {
    Digest digest = report.digest().orElseThrow();
    Map<String, String> judgedBy =
        report.verdicts().stream()
            .collect(Collectors.toMap(Verdict::runtime, v -> freshness.judgedBy(), (a, b) -> a));
    store.images().put(new StoredImage(digest, report, freshness.analyzers(), judgedBy));
    store
        .references()
        .put(
            new StoredReference(
                subject.key(),
                Optional.of(digest),
                report.indexDigest(),
                now,
                Optional.empty(),
                Optional.empty()));
    store.lists().noteChange();
  }
}
