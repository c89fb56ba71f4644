package dev.imgcompat.service.scan;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.Subjects;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keeps what scans and sweeps found: first the image, then that a reference names it, then what has
 * changed by that. Doing so twice does no harm. Safe for use by several threads.
 */
public final class Findings {
  private static final String NOT_FOUND = "not-found";

  private final Store store;
  private final Freshness freshness;
  private final List<String> runtimes;

  public Findings(Store store, Freshness freshness, Subjects subjects) {
    this.store = store;
    this.freshness = freshness;
    this.runtimes = subjects.targets().stream().map(Target::name).toList();
  }

  /** Keeps what a scan found. */
  void keep(ReferenceKey key, ImageReport report, Instant now) {
    keepImage(report);
    store.references().put(found(key, report.digest(), report.indexDigest(), now));
    store.history().note(report.digest().orElseThrow(), runtimes, now);
    store.lists().noteChange();
  }

  /**
   * Keeps an image that was scanned, with its verdicts; for the history of references that name it
   * there is {@link #noteVerdicts}.
   */
  public void keepImage(ImageReport report) {
    Map<String, String> judgedBy =
        report.verdicts().stream()
            .collect(Collectors.toMap(Verdict::runtime, v -> freshness.judgedBy(), (a, b) -> a));
    store
        .images()
        .put(
            new StoredImage(
                report.digest().orElseThrow(), report, freshness.analyzers(), judgedBy));
  }

  /** Notes the verdicts on an image for all references that name it. */
  public void noteVerdicts(Digest image, Instant now) {
    store.history().note(image, runtimes, now);
  }

  /**
   * Keeps what a sweep found a reference to name, where no lookup knows better.
   *
   * @param image that is kept already
   * @param index that led to it
   * @param lookedAt when the sweep looked
   */
  public void keepSwept(
      ReferenceKey key, Digest image, Optional<Digest> index, Instant lookedAt, String plan) {
    store.references().putSwept(found(key, Optional.of(image), index, lookedAt), lookedAt, plan);
    store.history().note(key, runtimes, lookedAt);
  }

  private static StoredReference found(
      ReferenceKey key, Optional<Digest> image, Optional<Digest> index, Instant now) {
    return new StoredReference(key, image, index, now, Optional.empty(), Optional.empty());
  }

  /** Keeps that a scan failed. */
  void keepFailure(
      ReferenceKey key, Optional<StoredReference> before, ScanError failure, Instant now) {
    store.references().put(failed(key, before, failure, now));
    if (before.flatMap(StoredReference::digest).isEmpty()) {
      store.lists().noteChange();
    }
  }

  /** Keeps that a sweep failed at a reference, where no lookup knows better. */
  public void keepSweptFailure(
      ReferenceKey key,
      Optional<StoredReference> before,
      ScanError failure,
      Instant lookedAt,
      String plan) {
    ScanError said = ServiceWords.of(failure);
    store.references().putSwept(failed(key, before, said, lookedAt), lookedAt, plan);
  }

  /** What is known stays known: a registry that is down today does not unsay what it said. */
  private static StoredReference failed(
      ReferenceKey key, Optional<StoredReference> before, ScanError failure, Instant now) {
    boolean answered = failure.kind().equals(NOT_FOUND);
    return new StoredReference(
        key,
        before.flatMap(StoredReference::digest),
        before.flatMap(StoredReference::indexDigest),
        answered ? now : before.map(StoredReference::checkedAt).orElse(Instant.EPOCH),
        Optional.of(failure),
        Optional.of(now));
  }
}
