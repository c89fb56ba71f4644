package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.service.store.RetentionStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Forgets what nothing uses. A page is a range of a primary key, so that each statement is short
 * however much there is.
 */
final class JdbcRetentionStore implements RetentionStore {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcRetentionStore.class);

  private static final String NAMED =
      "EXISTS (SELECT 1 FROM reference r WHERE r.digest = i.digest)";

  private final Database database;

  JdbcRetentionStore(Database database) {
    this.database = database;
  }

  /** An image whose links are to be noted. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Unlinked(String digest, byte[] report) {}

  @Override
  public int linkImages() {
    return database.inTransaction(
        client -> {
          List<Unlinked> page =
              client
                  .sql("SELECT digest, report FROM image WHERE linked = FALSE LIMIT ?")
                  .param(PAGE)
                  .query(
                      (row, number) ->
                          new Unlinked(row.getString("digest"), row.getBytes("report")))
                  .list();
          for (Unlinked image : page) {
            link(client, image);
          }
          return page.size();
        });
  }

  private static void link(JdbcClient client, Unlinked image) {
    ImageReport report;
    try {
      report = StoredJson.read(image.report(), ImageReport.class);
    } catch (StoredJson.Damaged e) {
      LOG.warn("image {} is damaged in the store: it will be read once more", image.digest());
      remove(client, List.of(image.digest()));
      return;
    }
    ImageLinks.of(Digest.of(image.digest()), report).put(client);
    client.sql("UPDATE image SET linked = TRUE WHERE digest = ?").param(image.digest()).update();
  }

  private static void remove(JdbcClient client, List<String> images) {
    ImageLinks.remove(client, images);
    client
        .sql("DELETE FROM verdict WHERE image_digest IN (:images)")
        .param("images", images)
        .update();
    client.sql("DELETE FROM image WHERE digest IN (:images)").param("images", images).update();
  }

  @Override
  public boolean allLinked() {
    return database.run(
        client ->
            client
                .sql("SELECT digest FROM image WHERE linked = FALSE LIMIT 1")
                .query(String.class)
                .optional()
                .isEmpty());
  }

  @Override
  public Page forgetImages(Optional<String> after, Instant now, Instant markedBefore) {
    return database.inTransaction(
        client -> {
          List<String> page = keys(client, "image", "digest", after);
          if (page.isEmpty()) {
            return page(page, 0);
          }
          client
              .sql(
                  "UPDATE image i SET unused_since = NULL WHERE digest IN (:page)"
                      + " AND unused_since IS NOT NULL AND "
                      + NAMED)
              .param("page", page)
              .update();
          client
              .sql(
                  "UPDATE image i SET unused_since = :now WHERE digest IN (:page)"
                      + " AND unused_since IS NULL AND NOT "
                      + NAMED)
              .param("now", now.toEpochMilli())
              .param("page", page)
              .update();
          // Whoever wants to use one waits from here on, and then sees that it is gone.
          List<String> unused =
              client
                  .sql(
                      "SELECT digest FROM image i WHERE digest IN (:page)"
                          + " AND unused_since < :before AND NOT "
                          + NAMED
                          + " FOR UPDATE")
                  .param("page", page)
                  .param("before", markedBefore.toEpochMilli())
                  .query(String.class)
                  .list();
          if (!unused.isEmpty()) {
            remove(client, unused);
          }
          return page(page, unused.size());
        });
  }

  @Override
  public Page forgetDocuments(Optional<String> after, Instant before) {
    return delete(
        "document",
        "digest",
        after,
        """
        stored_at < :before
          AND NOT EXISTS (SELECT 1 FROM image_document d WHERE d.document_digest = t.digest)
          AND NOT EXISTS (SELECT 1 FROM reference r WHERE r.index_digest = t.digest)
        """,
        Map.of("before", before.toEpochMilli()));
  }

  @Override
  public Page forgetFacts(Optional<String> after, Instant unusedBefore, Instant olderBefore) {
    return delete(
        "layer_facts",
        "layer_digest",
        after,
        """
        ((stored_at < :unused
            AND NOT EXISTS (SELECT 1 FROM image_layer l WHERE l.layer_digest = t.layer_digest))
          OR (stored_at < :older
            AND EXISTS (SELECT 1 FROM layer_facts n WHERE n.layer_digest = t.layer_digest
              AND n.stored_at > t.stored_at)))
        """,
        Map.of("unused", unusedBefore.toEpochMilli(), "older", olderBefore.toEpochMilli()));
  }

  @Override
  public Page forgetOutcomes(Optional<String> after, Instant before) {
    return delete(
        "swept_outcome",
        "digest",
        after,
        """
        stored_at < :before
          AND (NOT EXISTS (SELECT 1 FROM swept_tag s WHERE s.digest = t.digest)
            OR EXISTS (SELECT 1 FROM swept_outcome n WHERE n.digest = t.digest
              AND n.stored_at > t.stored_at))
        """,
        Map.of("before", before.toEpochMilli()));
  }

  private Page delete(
      String table,
      String key,
      Optional<String> after,
      String condition,
      Map<String, ?> parameters) {
    return database.run(
        client -> {
          List<String> page = keys(client, table, key, after);
          if (page.isEmpty()) {
            return page(page, 0);
          }
          int deleted =
              client
                  .sql("DELETE FROM " + table + " t WHERE " + key + " IN (:page) AND " + condition)
                  .param("page", page)
                  .params(parameters)
                  .update();
          return page(page, deleted);
        });
  }

  private static List<String> keys(
      JdbcClient client, String table, String key, Optional<String> after) {
    return client
        .sql(
            "SELECT DISTINCT "
                + key
                + " FROM "
                + table
                + " WHERE "
                + key
                + " > ? ORDER BY "
                + key
                + " LIMIT ?")
        .params(after.orElse(""), PAGE)
        .query(String.class)
        .list();
  }

  private static Page page(List<String> keys, int forgotten) {
    return new Page(
        keys.size() < PAGE ? Optional.empty() : Optional.of(keys.get(keys.size() - 1)), forgotten);
  }
}
