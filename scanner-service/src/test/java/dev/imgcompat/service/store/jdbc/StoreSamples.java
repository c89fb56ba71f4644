package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.ImageQuery;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.store.ScanRecord.Cause;
import dev.imgcompat.service.store.ScanRecord.State;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What tests keep. */
final class StoreSamples {
  static final String AMD64 = "linux/amd64";
  static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");
  static final ScanError FAILURE =
      new ScanError("unreachable", "nul \u0000, half \ud800 of a pair", "registry", true);

  private StoreSamples() {}

  static ReferenceKey key(String canonical) {
    return new ReferenceKey(canonical, AMD64);
  }

  static StoredReference found(ReferenceKey key, Digest digest) {
    return new StoredReference(
        key, Optional.of(digest), Optional.empty(), NOON, Optional.empty(), Optional.empty());
  }

  static StoredReference failed(ReferenceKey key, Optional<Digest> digest, Instant at) {
    return new StoredReference(
        key, digest, Optional.empty(), at, Optional.of(FAILURE), Optional.of(at));
  }

  /** An image with one verdict. */
  static StoredImage image(Digest digest, String runtime, Decision decision) {
    ImageReport report =
        ReportBuilder.on(runtime)
            .digest(digest)
            .image("centos:6.8", decision, List.of())
            .build()
            .images()
            .get(0);
    return new StoredImage(digest, report, "elf-1", Map.of(runtime, "rules-1 any"));
  }

  /** The same with more verdicts. */
  static StoredImage with(StoredImage image, List<Verdict> verdicts, Map<String, String> judgedBy) {
    return new StoredImage(
        image.digest(), StoredImages.with(image.report(), verdicts), image.analyzers(), judgedBy);
  }

  static ScanRecord scan(String id, ReferenceKey key, State state, Instant at) {
    return new ScanRecord(
        id,
        "centos:6.8",
        key,
        "kata",
        Cause.LOOKUP,
        false,
        state,
        at,
        Optional.of(at),
        state.isActive() ? Optional.empty() : Optional.of(at),
        2,
        3,
        1,
        1L << 40,
        Optional.of(Digest.ofText(id)),
        Optional.of(FAILURE),
        Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  }

  static ImageQuery all(int limit) {
    return new QueryBuilder().limit(limit).build();
  }

  /** Builds a query for kata. */
  static final class QueryBuilder {
    private Optional<Decision> decision = Optional.empty();
    private Optional<String> registry = Optional.empty();
    private Optional<String> repository = Optional.empty();
    private Optional<String> platform = Optional.empty();
    private Optional<String> digest = Optional.empty();
    private Optional<String> text = Optional.empty();
    private Optional<ReferenceKey> after = Optional.empty();
    private int limit = 1000;

    QueryBuilder decision(Decision value) {
      decision = Optional.of(value);
      return this;
    }

    QueryBuilder registry(String value) {
      registry = Optional.of(value);
      return this;
    }

    QueryBuilder repository(String value) {
      repository = Optional.of(value);
      return this;
    }

    QueryBuilder platform(String value) {
      platform = Optional.of(value);
      return this;
    }

    QueryBuilder digest(Digest value) {
      digest = Optional.of(value.value());
      return this;
    }

    QueryBuilder text(String value) {
      text = Optional.of(value);
      return this;
    }

    QueryBuilder after(ReferenceKey value) {
      after = Optional.of(value);
      return this;
    }

    QueryBuilder limit(int value) {
      limit = value;
      return this;
    }

    ImageQuery build() {
      return new ImageQuery(
          "kata", decision, registry, repository, platform, digest, text, after, limit);
    }
  }
}
