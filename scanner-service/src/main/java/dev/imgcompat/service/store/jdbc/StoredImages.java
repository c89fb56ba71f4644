package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.StoredImage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads images with their verdicts. */
final class StoredImages {
  /** One statement, so that an image and its verdicts fit together. */
  private static final String SELECT =
      """
      SELECT digest, '' AS runtime, analyzers AS basis, report AS content
        FROM image WHERE digest IN (:digests)
      UNION ALL
      SELECT image_digest, runtime, judged_by, verdict
        FROM verdict WHERE image_digest IN (:digests)
      """;

  private StoredImages() {}

  /** Those of some digests, if they are kept. */
  static Map<Digest, StoredImage> load(JdbcClient client, Collection<Digest> digests) {
    if (digests.isEmpty()) {
      return Map.of();
    }
    Map<String, Parts> found = new HashMap<>();
    client
        .sql(SELECT)
        .param("digests", digests.stream().map(Digest::value).distinct().toList())
        .query(
            (RowCallbackHandler)
                row -> found.computeIfAbsent(row.getString("digest"), d -> new Parts()).add(row));
    Map<Digest, StoredImage> images = new HashMap<>();
    found.forEach(
        (text, parts) -> {
          Digest digest = Digest.of(text);
          images.put(digest, parts.image(digest));
        });
    return images;
  }

  /** A report with other verdicts. */
  static ImageReport with(ImageReport report, List<Verdict> verdicts) {
    return new ImageReport(
        report.reference(),
        report.canonical(),
        report.digest(),
        report.indexDigest(),
        report.configDigest(),
        report.platform(),
        report.scannedAt(),
        report.facts(),
        verdicts,
        report.notes(),
        report.error());
  }

  /** The rows of one image: its own without a runtime, and those of its verdicts. */
  private static final class Parts {
    private String analyzers = "";
    private byte[] report = {};
    private final Map<String, Verdict> verdicts = new TreeMap<>();
    private final Map<String, String> judgedBy = new HashMap<>();

    void add(ResultSet row) throws SQLException {
      String runtime = row.getString("runtime");
      if (runtime.isEmpty()) {
        analyzers = row.getString("basis");
        report = row.getBytes("content");
      } else {
        verdicts.put(runtime, StoredJson.read(row.getBytes("content"), Verdict.class));
        judgedBy.put(runtime, row.getString("basis"));
      }
    }

    StoredImage image(Digest digest) {
      ImageReport facts = StoredJson.read(report, ImageReport.class);
      return new StoredImage(
          digest, with(facts, List.copyOf(verdicts.values())), analyzers, judgedBy);
    }
  }
}
