package dev.imgcompat.service.store;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.util.Map;

/**
 * An image that was scanned.
 *
 * @param digest of its manifest
 * @param report what is known of it; its reference is the one by which it was scanned last, and its
 *     verdicts are those of {@code judgedBy}
 * @param analyzers names and versions of those that read its layers
 * @param judgedBy for each runtime that it was judged for: the digest of the rule pack, and the
 *     policy, by which it was
 */
public record StoredImage(
    Digest digest, ImageReport report, String analyzers, Map<String, String> judgedBy) {
  public StoredImage {
    requireNonNull(digest, "digest is null");
    requireNonNull(report, "report is null");
    requireNonNull(analyzers, "analyzers is null");
    judgedBy = Map.copyOf(judgedBy);
  }
}
