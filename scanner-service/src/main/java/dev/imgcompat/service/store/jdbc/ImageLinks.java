package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFacts;
import dev.imgcompat.core.verdict.ReportFacts.ReportLayer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What an image is made of. It never changes but for the indexes that lead to it, which add up.
 *
 * @param image digest of its manifest
 * @param layers digests of its layers
 * @param documents digests of its manifest, its config, and an index that led to it
 */
record ImageLinks(String image, Collection<String> layers, Collection<String> documents) {
  static ImageLinks of(Digest image, ImageReport report) {
    Set<String> layers = new LinkedHashSet<>();
    report.facts().map(ReportFacts::layers).orElse(List.of()).stream()
        .map(ReportLayer::digest)
        .flatMap(d -> d.stream().map(Digest::value))
        .forEach(layers::add);
    Set<String> documents = new TreeSet<>();
    documents.add(image.value());
    Stream.of(report.indexDigest(), report.configDigest())
        .flatMap(d -> d.stream().map(Digest::value))
        .forEach(documents::add);
    return new ImageLinks(image.value(), layers, documents);
  }

  void put(JdbcClient client) {
    put(client, "image_layer", "layer_digest", layers);
    put(client, "image_document", "document_digest", documents);
  }

  private void put(JdbcClient client, String table, String column, Collection<String> digests) {
    Set<String> missing = new LinkedHashSet<>(digests);
    missing.removeAll(
        client
            .sql("SELECT " + column + " FROM " + table + " WHERE image_digest = ?")
            .param(image)
            .query(String.class)
            .list());
    for (String digest : missing) {
      client
          .sql(
              "INSERT INTO "
                  + table
                  + " (image_digest, "
                  + column
                  + ") VALUES (?, ?) ON CONFLICT DO NOTHING")
          .params(image, digest)
          .update();
    }
  }

  static void remove(JdbcClient client, Collection<String> images) {
    for (String table : List.of("image_layer", "image_document")) {
      client
          .sql("DELETE FROM " + table + " WHERE image_digest IN (:images)")
          .param("images", images)
          .update();
    }
  }
}
