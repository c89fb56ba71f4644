package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.service.store.DecisionChange;
import dev.imgcompat.service.store.HistoryStore;
import dev.imgcompat.service.store.ReferenceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Decisions on references, numbered: of two who note the same at the same time one does. What is
 * beyond the newest few is deleted with the next that is noted.
 */
final class JdbcHistoryStore implements HistoryStore {
  private static final String NOTE =
      """
      INSERT INTO decision_history (canonical, platform, runtime, number, at, decision, digest)
        SELECT r.canonical, r.platform, v.runtime,
            coalesce((SELECT max(h.number) FROM decision_history h WHERE h.canonical = r.canonical
              AND h.platform = r.platform AND h.runtime = v.runtime), 0) + 1,
            CAST(:at AS BIGINT), v.decision, r.digest
          FROM reference r
          JOIN verdict v ON v.image_digest = r.digest AND v.runtime IN (:runtimes)
          WHERE %s
            AND NOT EXISTS (SELECT 1 FROM decision_history l WHERE l.canonical = r.canonical
              AND l.platform = r.platform AND l.runtime = v.runtime
              AND l.decision = v.decision AND l.digest = r.digest
              AND l.number = (SELECT max(m.number) FROM decision_history m
                WHERE m.canonical = r.canonical AND m.platform = r.platform
                  AND m.runtime = v.runtime))
        ON CONFLICT DO NOTHING
      """;

  private static final String OF_KEY =
      NOTE.formatted("r.canonical = :canonical AND r.platform = :platform");
  private static final String OF_IMAGE = NOTE.formatted("r.digest = :image");

  private final Database database;

  JdbcHistoryStore(Database database) {
    this.database = database;
  }

  @Override
  public void note(ReferenceKey key, Collection<String> runtimes, Instant at) {
    database.inTransaction(
        client -> {
          int noted =
              client
                  .sql(OF_KEY)
                  .params(
                      Map.of(
                          "canonical",
                          key.canonical(),
                          "platform",
                          key.platform(),
                          "runtimes",
                          runtimes,
                          "at",
                          at.toEpochMilli()))
                  .update();
          if (noted > 0) {
            prune(client, key);
          }
          return noted;
        });
  }

  @Override
  public void note(Digest image, Collection<String> runtimes, Instant at) {
    database.inTransaction(
        client -> {
          int noted =
              client
                  .sql(OF_IMAGE)
                  .params(
                      Map.of("image", image.value(), "runtimes", runtimes, "at", at.toEpochMilli()))
                  .update();
          if (noted > 0) {
            client
                .sql("SELECT canonical, platform FROM reference WHERE digest = ?")
                .param(image.value())
                .query(JdbcHistoryStore::key)
                .list()
                .forEach(key -> prune(client, key));
          }
          return noted;
        });
  }

  private static ReferenceKey key(java.sql.ResultSet row, int number) throws java.sql.SQLException {
    return new ReferenceKey(row.getString("canonical"), row.getString("platform"));
  }

  private static void prune(JdbcClient client, ReferenceKey key) {
    client
        .sql(
            """
            DELETE FROM decision_history h WHERE canonical = ? AND platform = ?
              AND number <= (SELECT max(m.number) FROM decision_history m
                WHERE m.canonical = h.canonical AND m.platform = h.platform
                  AND m.runtime = h.runtime) - ?
            """)
        .params(key.canonical(), key.platform(), KEPT)
        .update();
  }

  /** Notes that a reference is gone, for each runtime that something was noted for. */
  static void gone(JdbcClient client, ReferenceKey key, Instant at) {
    client
        .sql(
            """
            INSERT INTO decision_history (canonical, platform, runtime, number, at, decision)
              SELECT l.canonical, l.platform, l.runtime, l.number + 1,
                  CAST(:at AS BIGINT), 'GONE'
                FROM decision_history l
                WHERE l.canonical = :canonical AND l.platform = :platform
                  AND l.decision <> 'GONE'
                  AND l.number = (SELECT max(m.number) FROM decision_history m
                    WHERE m.canonical = l.canonical AND m.platform = l.platform
                      AND m.runtime = l.runtime)
              ON CONFLICT DO NOTHING
            """)
        .param("canonical", key.canonical())
        .param("platform", key.platform())
        .param("at", at.toEpochMilli())
        .update();
  }

  @Override
  public List<DecisionChange> history(ReferenceKey key, String runtime) {
    return database.run(
        client ->
            client
                .sql(
                    """
                    SELECT at, decision, digest FROM decision_history
                      WHERE canonical = ? AND platform = ? AND runtime = ?
                      ORDER BY number DESC LIMIT ?
                    """)
                .params(key.canonical(), key.platform(), runtime, KEPT)
                .query(
                    (row, number) ->
                        new DecisionChange(
                            Instant.ofEpochMilli(row.getLong("at")),
                            row.getString("decision"),
                            Optional.ofNullable(row.getString("digest")).map(Digest::of)))
                .list());
  }

  /** A reference and a runtime. */
  private record Line(String canonical, String platform, String runtime) {}

  @Override
  public int forgetGone(Instant before, int limit) {
    return database.inTransaction(
        client -> {
          List<Line> lines =
              new ArrayList<>(
                  client
                      .sql(
                          """
                          SELECT canonical, platform, runtime FROM decision_history h
                            WHERE decision = 'GONE' AND at < ?
                              AND number = (SELECT max(m.number) FROM decision_history m
                                WHERE m.canonical = h.canonical AND m.platform = h.platform
                                  AND m.runtime = h.runtime)
                            LIMIT ?
                          """)
                      .params(before.toEpochMilli(), limit)
                      .query(
                          (row, number) ->
                              new Line(
                                  row.getString("canonical"),
                                  row.getString("platform"),
                                  row.getString("runtime")))
                      .list());
          for (Line line : lines) {
            client
                .sql(
                    """
                    DELETE FROM decision_history
                      WHERE canonical = ? AND platform = ? AND runtime = ?
                    """)
                .params(line.canonical(), line.platform(), line.runtime())
                .update();
          }
          return lines.size();
        });
  }
}
