package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.service.store.SweptTagStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** What sweeps know of tags. */
final class JdbcSweptTagStore implements SweptTagStore {
  private static final RowMapper<TagRecord> ROW =
      (row, number) -> StoredJson.read(row.getBytes("record"), TagRecord.class);

  private final Database database;

  /** Outcomes as they are kept. */
  private record Outcomes(List<TagOutcome> images) {}

  JdbcSweptTagStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<TagRecord> tag(String plan, String reference) {
    return database.run(
        client ->
            client
                .sql(
                    """
                    SELECT record FROM swept_tag
                      WHERE plan = ? AND reference = ? AND forgotten = FALSE
                    """)
                .params(plan, reference)
                .query(ROW)
                .optional());
  }

  @Override
  public void put(String plan, TagRecord tag) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("plan", plan);
    row.put("reference", tag.reference());
    row.put("run", tag.run());
    row.put("digest", tag.digest().map(Digest::value).orElse(null));
    row.put("goneSince", tag.goneSince().map(Instant::toEpochMilli).orElse(null));
    row.put("record", StoredJson.write(tag));
    database.inTransaction(
        client -> {
          Upsert.run(
              client,
              """
              UPDATE swept_tag SET run = :run, digest = :digest, gone_since = :goneSince,
                  forgotten = FALSE, record = :record
                WHERE plan = :plan AND reference = :reference AND run <= :run
              """,
              """
              INSERT INTO swept_tag (plan, reference, run, digest, gone_since, forgotten, record)
                VALUES (:plan, :reference, :run, :digest, :goneSince, FALSE, :record)
                ON CONFLICT DO NOTHING
              """,
              row);
          return row;
        });
  }

  @Override
  public void forget(String plan, String reference) {
    database.inTransaction(
        client -> {
          int unwanted =
              client
                  .sql(
                      """
                      DELETE FROM swept_tag
                        WHERE plan = ? AND reference = ? AND gone_since IS NULL
                      """)
                  .params(plan, reference)
                  .update();
          if (unwanted > 0) {
            client
                .sql("UPDATE reference SET plan = NULL WHERE canonical = ? AND plan = ?")
                .params(reference, plan)
                .update();
          }
          return client
              .sql("UPDATE swept_tag SET forgotten = TRUE WHERE plan = ? AND reference = ?")
              .params(plan, reference)
              .update();
        });
  }

  @Override
  public List<TagRecord> page(String plan, Optional<String> after, int limit) {
    return database.run(
        client ->
            client
                .sql(
                    """
                    SELECT record FROM swept_tag
                      WHERE plan = ? AND reference > ? AND forgotten = FALSE
                      ORDER BY plan, reference LIMIT ?
                    """)
                .params(plan, after.orElse(""), limit)
                .query(ROW)
                .list());
  }

  @Override
  public Optional<List<TagOutcome>> outcomes(Digest digest, String basis) {
    return database
        .run(
            client ->
                client
                    .sql("SELECT outcomes FROM swept_outcome WHERE digest = ? AND basis = ?")
                    .params(digest.value(), key(basis))
                    .query((row, number) -> row.getBytes(1))
                    .optional())
        .map(bytes -> StoredJson.read(bytes, Outcomes.class).images());
  }

  @Override
  public void putOutcomes(Digest digest, String basis, List<TagOutcome> outcomes, Instant at) {
    database.inTransaction(
        client -> {
          Upsert.run(
              client,
              """
              UPDATE swept_outcome SET outcomes = :outcomes, stored_at = :at
                WHERE digest = :digest AND basis = :basis
              """,
              """
              INSERT INTO swept_outcome (digest, basis, outcomes, stored_at)
                VALUES (:digest, :basis, :outcomes, :at) ON CONFLICT DO NOTHING
              """,
              Map.of(
                  "digest",
                  digest.value(),
                  "basis",
                  key(basis),
                  "outcomes",
                  StoredJson.write(new Outcomes(outcomes)),
                  "at",
                  at.toEpochMilli()));
          return outcomes;
        });
  }

  @Override
  public List<Left> forgotten(String plan, Instant before, int limit) {
    return database.run(
        client ->
            client
                .sql(
                    """
                    SELECT reference, gone_since FROM swept_tag WHERE plan = :plan
                      AND gone_since >= 0 AND (forgotten = TRUE OR gone_since < :before)
                      ORDER BY reference LIMIT :limit
                    """)
                .param("plan", plan)
                .param("before", before.toEpochMilli())
                .param("limit", limit)
                .query(
                    (row, number) ->
                        new Left(
                            row.getString("reference"),
                            Instant.ofEpochMilli(row.getLong("gone_since"))))
                .list());
  }

  @Override
  public void remove(String plan, Left tag) {
    database.run(
        client ->
            client
                .sql("DELETE FROM swept_tag WHERE plan = ? AND reference = ? AND gone_since = ?")
                .params(plan, tag.reference(), tag.goneSince().toEpochMilli())
                .update());
  }

  private static String key(String basis) {
    return Digest.ofText(basis).hex();
  }
}
