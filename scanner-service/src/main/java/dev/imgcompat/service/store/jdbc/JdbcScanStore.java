package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.store.ScanStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** Scans; that of one question at most one is active is held by a unique column. */
final class JdbcScanStore implements ScanStore {
  private static final RowMapper<ScanRecord> ROW =
      (row, number) -> StoredJson.read(row.getBytes("record"), ScanRecord.class);

  private final Database database;

  JdbcScanStore(Database database) {
    this.database = database;
  }

  @Override
  public boolean add(ScanRecord scan) {
    return database.run(
        client ->
            client
                    .sql(
                        """
                        INSERT INTO scan
                            (id, question, active_question, state, runtime, digest, finished_at, record)
                          VALUES
                            (:id, :question, :active, :state, :runtime, :digest, :finishedAt, :record)
                          ON CONFLICT DO NOTHING
                        """)
                    .params(row(scan))
                    .update()
                > 0);
  }

  @Override
  public Optional<ScanRecord> scan(String id) {
    return one("SELECT record FROM scan WHERE id = ?", id);
  }

  @Override
  public Optional<ScanRecord> active(ReferenceKey key, String runtime) {
    return one("SELECT record FROM scan WHERE active_question = ?", question(key, runtime));
  }

  @Override
  public Optional<ScanRecord> lastDone(ReferenceKey key, String runtime) {
    return one(
        """
        SELECT record FROM scan WHERE question = ? AND state = 'DONE'
          ORDER BY question DESC, state DESC, finished_at DESC LIMIT 1
        """,
        question(key, runtime));
  }

  @Override
  public Optional<ScanRecord> lastDone(Digest image, String runtime) {
    return database.run(
        client ->
            client
                .sql(
                    """
                    SELECT record FROM scan WHERE digest = ? AND runtime = ? AND state = 'DONE'
                      ORDER BY finished_at DESC LIMIT 1
                    """)
                .params(image.value(), runtime)
                .query(ROW)
                .optional());
  }

  /** A scan that has ended stays as it is: whoever was taken for dead may still report. */
  @Override
  public void update(ScanRecord scan) {
    database.run(
        client ->
            client
                .sql(
                    """
                    UPDATE scan SET active_question = :active, state = :state, digest = :digest,
                        finished_at = :finishedAt, record = :record
                      WHERE id = :id AND active_question = :question
                    """)
                .params(row(scan))
                .update());
  }

  @Override
  public long countActive() {
    return database.run(
        client ->
            client
                // Rather than IS NOT NULL, since H2 uses the index for this.
                .sql("SELECT count(*) FROM scan WHERE active_question >= ''")
                .query(Long.class)
                .single());
  }

  @Override
  public void forget(String id) {
    database.run(client -> client.sql("DELETE FROM scan WHERE id = ?").param(id).update());
  }

  @Override
  public int forgetEnded(Instant before) {
    return database.run(
        client ->
            client
                .sql("DELETE FROM scan WHERE finished_at < ? AND active_question IS NULL")
                .param(before.toEpochMilli())
                .update());
  }

  private Optional<ScanRecord> one(String sql, String parameter) {
    return database.run(client -> client.sql(sql).param(parameter).query(ROW).optional());
  }

  private static Map<String, @Nullable Object> row(ScanRecord scan) {
    String question = question(scan.key(), scan.runtime());
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("id", scan.id());
    row.put("question", question);
    row.put("active", scan.state().isActive() ? question : null);
    row.put("state", scan.state().name());
    row.put("runtime", scan.runtime());
    row.put("digest", scan.digest().map(Digest::value).orElse(null));
    row.put("finishedAt", scan.finishedAt().map(Instant::toEpochMilli).orElse(null));
    row.put("record", StoredJson.write(scan));
    return row;
  }

  /** A key and a runtime, as one column of even length. */
  private static String question(ReferenceKey key, String runtime) {
    return Digest.ofText(String.join("\n", key.canonical(), key.platform(), runtime)).hex();
  }
}
