package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.service.store.ListRevision;
import dev.imgcompat.service.store.ListStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The newest revisions of the lists. */
final class JdbcListStore implements ListStore {
  private static final int KEPT = 10;

  private final Database database;

  JdbcListStore(Database database) {
    this.database = database;
  }

  @Override
  public OptionalLong newestRevision() {
    long newest = database.run(JdbcListStore::newestOf);
    return newest == 0 ? OptionalLong.empty() : OptionalLong.of(newest);
  }

  @Override
  public Optional<ListRevision> newest() {
    return database.run(
        client ->
            client
                .sql("SELECT * FROM list_revision ORDER BY revision DESC LIMIT 1")
                .query(
                    (row, number) ->
                        new ListRevision(
                            row.getLong("revision"),
                            Instant.ofEpochMilli(row.getLong("made_at")),
                            row.getString("fingerprint"),
                            row.getBytes("report")))
                .optional());
  }

  @Override
  public boolean publish(ListRevision revision, OptionalInt removed) {
    return database.inTransaction(
        client -> {
          if (revision.revision() != newestOf(client) + 1 || !insert(client, revision)) {
            return false;
          }
          client
              .sql("DELETE FROM list_revision WHERE revision <= ?")
              .param(revision.revision() - KEPT)
              .update();
          if (removed.isEmpty()) {
            client.sql("DELETE FROM list_removal").update();
          } else if (removed.getAsInt() > 0) {
            client
                .sql("INSERT INTO list_removal (revision, made_at, removed) VALUES (?, ?, ?)")
                .params(revision.revision(), revision.madeAt().toEpochMilli(), removed.getAsInt())
                .update();
          }
          return true;
        });
  }

  @Override
  public long removedSince(Instant time) {
    return database.run(
        client ->
            client
                .sql("SELECT coalesce(sum(removed), 0) FROM list_removal WHERE made_at >= ?")
                .param(time.toEpochMilli())
                .query(Long.class)
                .single());
  }

  @Override
  public void noteChange() {
    database.run(client -> client.sql("UPDATE list_change SET changes = changes + 1").update());
  }

  @Override
  public long changes() {
    return database.run(
        client -> client.sql("SELECT changes FROM list_change").query(Long.class).single());
  }

  /** 0 if there is none. */
  private static long newestOf(JdbcClient client) {
    return client
        .sql("SELECT coalesce(max(revision), 0) FROM list_revision")
        .query(Long.class)
        .single();
  }

  private static boolean insert(JdbcClient client, ListRevision revision) {
    return client
            .sql(
                """
                INSERT INTO list_revision (revision, made_at, fingerprint, report)
                  VALUES (:revision, :madeAt, :fingerprint, :report)
                  ON CONFLICT DO NOTHING
                """)
            .params(
                Map.of(
                    "revision",
                    revision.revision(),
                    "madeAt",
                    revision.madeAt().toEpochMilli(),
                    "fingerprint",
                    revision.fingerprint(),
                    "report",
                    revision.report()))
            .update()
        > 0;
  }
}
