package dev.imgcompat.core.verdict;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The report, schema version 1. New members may be added; none changes its meaning within a schema
 * version.
 *
 * @param schemaVersion 1
 * @param tool that wrote it
 * @param images in the order in which they were asked for
 */
public record Report(int schemaVersion, Tool tool, List<ImageReport> images) {
  /** The schema version that this class writes. */
  public static final int SCHEMA_VERSION = 1;

  public Report {
    requireNonNull(tool, "tool is null");
    images = List.copyOf(images);
  }

  /**
   * What wrote a report.
   *
   * @param name {@code imgcompat}
   * @param version of the program
   * @param rules digest of the rule pack
   */
  public record Tool(String name, String version, String rules) {}

  /**
   * One image of one platform, or one failure.
   *
   * @param reference as it was asked for
   * @param canonical the reference in full
   * @param digest of the manifest
   * @param indexDigest of the index that led to it
   * @param configDigest of the config, which Docker calls the image id
   * @param platform as the config claims it
   * @param scannedAt when, as ISO 8601 in UTC
   * @param facts absent where the scan failed
   * @param verdicts one per target; {@code UNKNOWN} where the scan failed
   * @param notes one line each
   * @param error why the scan failed; null where it did not
   */
  public record ImageReport(
      String reference,
      String canonical,
      Optional<Digest> digest,
      Optional<Digest> indexDigest,
      Optional<Digest> configDigest,
      Optional<String> platform,
      String scannedAt,
      Optional<ReportFacts> facts,
      List<Verdict> verdicts,
      List<String> notes,
      @JsonInclude(JsonInclude.Include.ALWAYS) @JsonProperty("error") Optional<ScanError> error) {
    public ImageReport {
      requireNonNull(reference, "reference is null");
      requireNonNull(canonical, "canonical is null");
      requireNonNull(scannedAt, "scannedAt is null");
      verdicts = List.copyOf(verdicts);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Why an image could not be scanned.
   *
   * @param kind a stable word
   * @param message one line
   * @param whoseMove {@code user}, {@code image-author}, {@code registry} or {@code operator}
   * @param retryable whether the same call may succeed later
   */
  public record ScanError(String kind, String message, String whoseMove, boolean retryable) {
    /** What is said of a failure. */
    public static ScanError of(ScanException failure) {
      return new ScanError(
          failure.kind(),
          failure.getMessage(),
          failure.whoseMove().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          failure.retryable());
    }
  }
}
