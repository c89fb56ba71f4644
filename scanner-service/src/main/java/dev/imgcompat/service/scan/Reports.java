package dev.imgcompat.service.scan;

import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Reports on references, made of what is stored. */
public final class Reports {
  private Reports() {}

  /** The report on an image, as if it had been scanned by a reference; with all its verdicts. */
  public static ImageReport of(StoredImage image, StoredReference reference) {
    List<Verdict> verdicts = image.report().verdicts();
    return of(image, reference, verdicts);
  }

  /** The same with the verdicts for some runtimes; UNKNOWN where there is none. */
  public static ImageReport forRuntimes(
      StoredImage image, StoredReference reference, List<String> runtimes) {
    return of(
        image,
        reference,
        runtimes.stream()
            .map(
                r ->
                    image.report().verdicts().stream()
                        .filter(v -> v.runtime().equals(r))
                        .findFirst()
                        .orElseGet(() -> Verdict.unknown(r)))
            .toList());
  }

  /** The report on a reference that could not be scanned. */
  public static ImageReport failed(StoredReference reference, List<String> runtimes) {
    return new ImageReport(
        reference.key().canonical(),
        reference.key().canonical(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        reference
            .failedAt()
            .orElse(reference.checkedAt())
            .truncatedTo(ChronoUnit.SECONDS)
            .toString(),
        Optional.empty(),
        runtimes.stream().map(Verdict::unknown).toList(),
        List.of(),
        reference.failure());
  }

  private static ImageReport of(
      StoredImage image, StoredReference reference, List<Verdict> verdicts) {
    ImageReport report = image.report();
    return new ImageReport(
        reference.key().canonical(),
        reference.key().canonical(),
        report.digest(),
        reference.indexDigest(),
        report.configDigest(),
        report.platform(),
        report.scannedAt(),
        report.facts(),
        verdicts,
        report.notes(),
        report.error());
  }
}
