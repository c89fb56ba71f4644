package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.service.store.ImageQuery;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ReferenceStore;
import dev.imgcompat.service.store.ReferenceWithImage;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.RowMapper;

/** What references name. */
final class JdbcReferenceStore implements ReferenceStore {
  private static final int PAGE = 500;

  private static final RowMapper<StoredReference> ROW =
      (row, number) ->
          new StoredReference(
              new ReferenceKey(row.getString("canonical"), row.getString("platform")),
              Optional.ofNullable(row.getString("digest")).map(Digest::of),
              Optional.ofNullable(row.getString("index_digest")).map(Digest::of),
              Instant.ofEpochMilli(row.getLong("checked_at")),
              Optional.ofNullable(row.getBytes("failure"))
                  .map(bytes -> StoredJson.read(bytes, ScanError.class)),
              Optional.ofNullable(row.getObject("failed_at", Long.class))
                  .map(Instant::ofEpochMilli));

  private static final RowMapper<ReferenceWithImage> WITHOUT_IMAGE =
      (row, number) ->
          new ReferenceWithImage(
              ROW.mapRow(row, number),
              Optional.empty(),
              Optional.ofNullable(row.getString("plan")));

  private final Database database;

  JdbcReferenceStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<StoredReference> reference(ReferenceKey key) {
    return database.run(
        client ->
            client
                .sql("SELECT * FROM reference WHERE canonical = ? AND platform = ?")
                .params(key.canonical(), key.platform())
                .query(ROW)
                .optional());
  }

  @Override
  public List<StoredReference> ofAllPlatforms(String canonical) {
    return database.run(
        client ->
            client
                .sql("SELECT * FROM reference WHERE canonical = ? ORDER BY platform")
                .param(canonical)
                .query(ROW)
                .list());
  }

  @Override
  public void put(StoredReference reference) {
    put(row(reference, Optional.empty()), "");
  }

  /** A lookup that got an answer meanwhile knows better. */
  @Override
  public void putSwept(StoredReference reference, Instant lookedAt, String plan) {
    Map<String, @Nullable Object> row = row(reference, Optional.of(plan));
    row.put("lookedAt", lookedAt.toEpochMilli());
    put(row, " AND NOT (checked_at > :lookedAt AND failure IS NULL)");
  }

  private static Map<String, @Nullable Object> row(
      StoredReference reference, Optional<String> plan) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("plan", plan.orElse(null));
    row.put("canonical", reference.key().canonical());
    row.put("platform", reference.key().platform());
    RepositoryName name = RepositoryName.of(reference.key().canonical());
    row.put("registry", name.registry());
    row.put("repository", name.repository());
    row.put("digest", reference.digest().map(Digest::value).orElse(null));
    row.put("indexDigest", reference.indexDigest().map(Digest::value).orElse(null));
    row.put("checkedAt", reference.checkedAt().toEpochMilli());
    row.put("failure", reference.failure().map(StoredJson::write).orElse(null));
    row.put("failedAt", reference.failedAt().map(Instant::toEpochMilli).orElse(null));
    return row;
  }

  private void put(Map<String, @Nullable Object> row, String condition) {
    database.inTransaction(
        client -> {
          Upsert.run(
              client,
              """
              UPDATE reference SET digest = :digest, index_digest = :indexDigest,
                  checked_at = :checkedAt, failure = :failure, failed_at = :failedAt, plan = :plan
                WHERE canonical = :canonical AND platform = :platform"""
                  + condition,
              """
              INSERT INTO reference (canonical, platform, registry, repository, digest,
                  index_digest, checked_at, failure, failed_at, plan)
                VALUES (:canonical, :platform, :registry, :repository, :digest,
                  :indexDigest, :checkedAt, :failure, :failedAt, :plan)
                ON CONFLICT DO NOTHING
              """,
              row);
          return row;
        });
  }

  @Override
  public List<ReferenceWithImage> find(ImageQuery query) {
    if (ReferenceSearch.isHopeless(query)) {
      return List.of();
    }
    ReferenceSearch search = ReferenceSearch.of(query);
    return database.run(
        client -> {
          List<ReferenceWithImage> page =
              client.sql(search.sql()).params(search.parameters()).query(WITHOUT_IMAGE).list();
          Map<Digest, StoredImage> images =
              StoredImages.load(
                  client,
                  page.stream().flatMap(r -> r.reference().digest().stream()).distinct().toList());
          return page.stream()
              .map(
                  r ->
                      new ReferenceWithImage(
                          r.reference(), r.reference().digest().map(images::get), r.plan()))
              .toList();
        });
  }

  /** Page by page, so that no connection waits for the consumer. */
  @Override
  public void forEach(Consumer<ReferenceWithImage> consumer) {
    Optional<ReferenceKey> last = Optional.empty();
    List<ReferenceWithImage> page;
    do {
      page = find(all(last));
      for (ReferenceWithImage found : page) {
        consumer.accept(found);
        last = Optional.of(found.reference().key());
      }
    } while (page.size() == PAGE);
  }

  private static ImageQuery all(Optional<ReferenceKey> after) {
    return new ImageQuery(
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        after,
        PAGE);
  }

  @Override
  public Map<String, Long> decisions(String runtime) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Decision decision : Decision.values()) {
      counts.put(decision.name(), 0L);
    }
    database.run(
        client -> {
          client
              .sql(
                  """
                  SELECT coalesce(v.decision, 'UNKNOWN') AS decision, count(*) AS number
                    FROM reference r
                    LEFT JOIN verdict v ON v.image_digest = r.digest AND v.runtime = ?
                    GROUP BY coalesce(v.decision, 'UNKNOWN')
                  """)
              .param(runtime)
              .query(
                  (RowCallbackHandler)
                      row -> counts.put(row.getString("decision"), row.getLong("number")));
          return counts;
        });
    return counts;
  }

  @Override
  public List<ReferenceKey> leave(String canonical, Instant goneSince, Instant at) {
    return database.inTransaction(
        client -> {
          List<ReferenceKey> left =
              client
                  .sql(
                      """
                      SELECT canonical, platform FROM reference WHERE canonical = :canonical
                        AND NOT (failure IS NULL AND checked_at > :goneSince) FOR UPDATE
                      """)
                  .param("canonical", canonical)
                  .param("goneSince", goneSince.toEpochMilli())
                  .query(
                      (row, number) ->
                          new ReferenceKey(row.getString("canonical"), row.getString("platform")))
                  .list();
          for (ReferenceKey key : left) {
            client
                .sql("DELETE FROM reference WHERE canonical = ? AND platform = ?")
                .params(key.canonical(), key.platform())
                .update();
            JdbcHistoryStore.gone(client, key, at);
          }
          return left;
        });
  }

  @Override
  public int forgetNeverFound(Instant before) {
    return database.run(
        client ->
            client
                .sql(
                    """
                    DELETE FROM reference WHERE digest IS NULL AND plan IS NULL
                      AND checked_at < :before
                      AND (failed_at IS NULL OR failed_at < :before)
                    """)
                .param("before", before.toEpochMilli())
                .update());
  }
}
