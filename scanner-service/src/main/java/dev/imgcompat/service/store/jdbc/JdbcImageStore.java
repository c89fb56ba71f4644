package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.ImageStore;
import dev.imgcompat.service.store.StoredImage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Images, and the verdicts on them, each in a row of its own. */
final class JdbcImageStore implements ImageStore {
  private final Database database;

  JdbcImageStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<StoredImage> image(Digest digest) {
    return database.run(
        client -> Optional.ofNullable(StoredImages.load(client, List.of(digest)).get(digest)));
  }

  @Override
  public void put(StoredImage image) {
    Map<String, Object> row =
        Map.of(
            "digest",
            image.digest().value(),
            "analyzers",
            image.analyzers(),
            "report",
            StoredJson.write(StoredImages.with(image.report(), List.of())));
    ImageLinks links = ImageLinks.of(image.digest(), image.report());
    database.inTransaction(
        client -> {
          putImage(client, row);
          links.put(client);
          // From here on whoever else writes the same image waits.
          image.report().verdicts().forEach(verdict -> putVerdict(client, image, verdict));
          return image;
        });
  }

  private static void putImage(JdbcClient client, Map<String, Object> row) {
    Optional<String> analyzers = lock(client, row);
    if (analyzers.isEmpty()) {
      String insertion =
          "INSERT INTO image (digest, analyzers, report, linked)"
              + " VALUES (:digest, :analyzers, :report, TRUE) ON CONFLICT DO NOTHING";
      if (client.sql(insertion).params(row).update() > 0) {
        return;
      }
      analyzers = lock(client, row);
    }
    client
        .sql(
            """
            UPDATE image SET analyzers = :analyzers, report = :report, linked = TRUE,
                unused_since = NULL
              WHERE digest = :digest
            """)
        .params(row)
        .update();
    if (!analyzers.equals(Optional.of(row.get("analyzers")))) {
      client.sql("DELETE FROM verdict WHERE image_digest = :digest").params(row).update();
    }
  }

  private static Optional<String> lock(JdbcClient client, Map<String, Object> row) {
    return client
        .sql("SELECT analyzers FROM image WHERE digest = :digest FOR UPDATE")
        .params(row)
        .query(String.class)
        .optional();
  }

  private static void putVerdict(JdbcClient client, StoredImage image, Verdict verdict) {
    Upsert.run(
        client,
        """
        UPDATE verdict SET decision = :decision, judged_by = :judgedBy, verdict = :verdict
          WHERE image_digest = :digest AND runtime = :runtime
        """,
        """
        INSERT INTO verdict (image_digest, runtime, decision, judged_by, verdict)
          VALUES (:digest, :runtime, :decision, :judgedBy, :verdict)
          ON CONFLICT DO NOTHING
        """,
        Map.of(
            "digest",
            image.digest().value(),
            "runtime",
            verdict.runtime(),
            "decision",
            verdict.decision().name(),
            "judgedBy",
            image.judgedBy().getOrDefault(verdict.runtime(), ""),
            "verdict",
            StoredJson.write(verdict)));
  }

  @Override
  public void keepVerdicts(Digest digest, Collection<String> runtimes) {
    database.run(
        client ->
            client
                .sql(
                    "DELETE FROM verdict WHERE image_digest = :digest AND runtime NOT IN (:runtimes)")
                .param("digest", digest.value())
                .param("runtimes", List.copyOf(runtimes))
                .update());
  }

  /**
   * Writes only what is marked: otherwise sweeps would rewrite, and wait for, the rows of all
   * images that they meet. Whoever forgets images waits for that, and then sees it.
   */
  @Override
  public boolean keep(Collection<Digest> images) {
    List<String> digests = images.stream().map(Digest::value).distinct().toList();
    if (digests.isEmpty()) {
      return true;
    }
    List<Seen> seen =
        database.run(
            client ->
                client
                    .sql(
                        """
                        SELECT digest, unused_since IS NOT NULL AS marked FROM image
                          WHERE digest IN (:digests) ORDER BY digest
                        """)
                    .param("digests", digests)
                    .query(
                        (row, number) ->
                            new Seen(row.getString("digest"), row.getBoolean("marked")))
                    .list());
    return seen.size() == digests.size()
        && seen.stream().filter(Seen::marked).allMatch(image -> unmark(image.digest()));
  }

  /** An image, and whether nothing uses it. */
  private record Seen(String digest, boolean marked) {}

  private boolean unmark(String digest) {
    return database.run(
            client ->
                client
                    .sql("UPDATE image SET unused_since = NULL WHERE digest = ?")
                    .param(digest)
                    .update())
        > 0;
  }

  @Override
  public List<Digest> digests(Optional<Digest> after, int limit) {
    return database.run(
        client ->
            client
                .sql("SELECT digest FROM image WHERE digest > ? ORDER BY digest LIMIT ?")
                .params(after.map(Digest::value).orElse(""), limit)
                .query((row, number) -> Digest.of(row.getString("digest")))
                .list());
  }

  @Override
  public List<Digest> unjudged(
      Collection<Digest> images, String analyzers, String judgedBy, Collection<String> runtimes) {
    if (images.isEmpty()) {
      return List.of();
    }
    return database.run(
        client ->
            client
                .sql(
                    """
                    SELECT i.digest FROM image i WHERE i.digest IN (:images)
                      AND (i.analyzers <> :analyzers
                        OR EXISTS (SELECT 1 FROM verdict v
                          WHERE v.image_digest = i.digest AND v.judged_by <> :judgedBy)
                        OR (SELECT count(*) FROM verdict v
                          WHERE v.image_digest = i.digest AND v.runtime IN (:runtimes)) < :count)
                      ORDER BY i.digest
                    """)
                .param("images", images.stream().map(Digest::value).toList())
                .param("analyzers", analyzers)
                .param("judgedBy", judgedBy)
                .param("runtimes", runtimes)
                .param("count", runtimes.size())
                .query((row, number) -> Digest.of(row.getString("digest")))
                .list());
  }

  @Override
  public long count() {
    return database.run(
        client -> client.sql("SELECT count(*) FROM image").query(Long.class).single());
  }
}
