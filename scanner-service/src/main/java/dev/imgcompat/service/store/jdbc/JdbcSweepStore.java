package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.service.store.SweepQuery;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.Cause;
import dev.imgcompat.service.store.SweepRecord.State;
import dev.imgcompat.service.store.SweepStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Runs of sweeps; that of one plan at most one is active is held by a unique column. */
final class JdbcSweepStore implements SweepStore {
  /**
   * Of the plan of {@code s} the newest run that tells anything: one that ended before it found
   * anything says nothing of what the one before it found.
   */
  private static final String TELLING =
      """
      (SELECT max(run) FROM sweep n WHERE n.plan = s.plan
        AND NOT (n.state IN ('CANCELLED', 'FAILED') AND n.summary IS NULL
          AND n.progress IS NULL AND NOT EXISTS (SELECT 1 FROM swept_tag t
            WHERE t.plan = n.plan AND t.run = n.run)))
      """;

  private static final RowMapper<SweepRecord> ROW =
      (row, number) ->
          new SweepRecord(
              row.getString("id"),
              row.getString("plan"),
              row.getLong("run"),
              Cause.valueOf(row.getString("cause")),
              Publishing.valueOf(row.getString("publishing")),
              State.valueOf(row.getString("state")),
              row.getBoolean("cancelled"),
              Instant.ofEpochMilli(row.getLong("requested_at")),
              Optional.ofNullable(row.getObject("begun_at", Long.class)).map(Instant::ofEpochMilli),
              Optional.ofNullable(row.getObject("finished_at", Long.class))
                  .map(Instant::ofEpochMilli),
              new String(row.getBytes("definition"), StandardCharsets.UTF_8),
              Optional.ofNullable(row.getBytes("progress"))
                  .map(b -> StoredJson.read(b, SweepProgress.class)),
              Optional.ofNullable(row.getBytes("summary"))
                  .map(b -> StoredJson.read(b, SweepSummary.class)),
              Optional.ofNullable(row.getBytes("error"))
                  .map(b -> new String(b, StandardCharsets.UTF_8)));

  private final Database database;

  JdbcSweepStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<SweepRecord> add(
      String id, String plan, Cause cause, Publishing publishing, Instant at, String definition) {
    return database.inTransaction(
        client -> {
          long run =
              client
                  .sql("SELECT coalesce(max(run), 0) + 1 FROM sweep WHERE plan = ?")
                  .param(plan)
                  .query(Long.class)
                  .single();
          int added =
              client
                  .sql(
                      """
                      INSERT INTO sweep (id, plan, run, active_plan, state, cause, publishing,
                          cancelled, shrinks, requested_at, definition)
                        VALUES (?, ?, ?, ?, 'QUEUED', ?, ?, FALSE, FALSE, ?, ?)
                        ON CONFLICT DO NOTHING
                      """)
                  .params(
                      id,
                      plan,
                      run,
                      plan,
                      cause.name(),
                      publishing.name(),
                      at.toEpochMilli(),
                      definition.getBytes(StandardCharsets.UTF_8))
                  .update();
          return added == 0
              ? Optional.empty()
              : Optional.of(SweepRecord.queued(id, plan, run, cause, publishing, at, definition));
        });
  }

  @Override
  public Optional<SweepRecord> sweep(String id) {
    return database.run(client -> sweep(client, id));
  }

  private static Optional<SweepRecord> sweep(JdbcClient client, String id) {
    return client.sql("SELECT * FROM sweep WHERE id = ?").param(id).query(ROW).optional();
  }

  @Override
  public Optional<SweepRecord> active(String plan) {
    return database.run(
        client ->
            client
                .sql("SELECT * FROM sweep WHERE active_plan = ?")
                .param(plan)
                .query(ROW)
                .optional());
  }

  @Override
  public Optional<SweepRecord> newest(String plan) {
    return database.run(
        client ->
            client
                .sql("SELECT * FROM sweep WHERE plan = ? ORDER BY plan DESC, run DESC LIMIT 1")
                .param(plan)
                .query(ROW)
                .optional());
  }

  @Override
  public List<SweepRecord> find(SweepQuery query) {
    StringBuilder sql = new StringBuilder("SELECT * FROM sweep WHERE requested_at >= 0");
    Map<String, Object> parameters = new HashMap<>();
    query
        .plan()
        .ifPresent(
            plan -> {
              sql.append(" AND plan = :plan");
              parameters.put("plan", plan);
            });
    query
        .state()
        .ifPresent(
            state -> {
              sql.append(" AND state = :state");
              parameters.put("state", state.name());
            });
    query
        .after()
        .ifPresent(
            place -> {
              sql.append(" AND requested_at <= :at AND (requested_at < :at OR id < :id)");
              parameters.put("at", place.requestedAt().toEpochMilli());
              parameters.put("id", place.id());
            });
    sql.append(" ORDER BY requested_at DESC, id DESC LIMIT :limit");
    parameters.put("limit", query.limit());
    return database.run(client -> client.sql(sql.toString()).params(parameters).query(ROW).list());
  }

  @Override
  public long countActive() {
    return database.run(
        client ->
            client
                .sql("SELECT count(*) FROM sweep WHERE active_plan >= ''")
                .query(Long.class)
                .single());
  }

  @Override
  public Optional<SweepRecord> begin(String id, String worker, Instant at) {
    return database.inTransaction(
        client ->
            client
                        .sql(
                            """
                            UPDATE sweep SET worker = :worker,
                                begun_at = coalesce(begun_at, CAST(:at AS BIGINT)),
                                state = CASE WHEN state = 'QUEUED' THEN 'RUNNING' ELSE state END
                              WHERE id = :id AND active_plan IS NOT NULL
                            """)
                        .param("id", id)
                        .param("worker", worker)
                        .param("at", at.toEpochMilli())
                        .update()
                    == 0
                ? Optional.empty()
                : sweep(client, id));
  }

  @Override
  public Optional<SweepRecord> progress(String id, String worker, SweepProgress progress) {
    return database.inTransaction(
        client ->
            client
                        .sql(
                            """
                            UPDATE sweep SET progress = :progress,
                                state = CASE WHEN state = 'QUEUED' THEN 'RUNNING' ELSE state END
                              WHERE id = :id AND worker = :worker AND active_plan IS NOT NULL
                            """)
                        .param("id", id)
                        .param("worker", worker)
                        .param("progress", StoredJson.write(progress))
                        .update()
                    == 0
                ? Optional.empty()
                : sweep(client, id));
  }

  @Override
  public void release(String id, String worker) {
    database.run(
        client ->
            client
                .sql(
                    """
                    UPDATE sweep SET worker = NULL,
                        state = CASE WHEN state = 'RUNNING' THEN 'QUEUED' ELSE state END
                      WHERE id = ? AND worker = ? AND active_plan IS NOT NULL
                    """)
                .params(id, worker)
                .update());
  }

  @Override
  public boolean end(
      String id,
      String worker,
      State state,
      Optional<SweepSummary> summary,
      Optional<String> error,
      Instant at) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("id", id);
    row.put("worker", worker);
    row.put("state", state.name());
    row.put("shrinks", summary.map(SweepSummary::mayShrink).orElse(false));
    row.put("progress", summary.map(s -> StoredJson.write(s.progress())).orElse(null));
    row.put("summary", summary.map(StoredJson::write).orElse(null));
    row.put("error", error.map(e -> e.getBytes(StandardCharsets.UTF_8)).orElse(null));
    row.put("at", at.toEpochMilli());
    return database.run(
            client ->
                client
                    .sql(
                        """
                        UPDATE sweep SET active_plan = NULL, worker = NULL, state = :state,
                            shrinks = :shrinks, finished_at = :at, summary = :summary,
                            progress = coalesce(:progress, progress), error = :error
                          WHERE id = :id AND worker = :worker AND active_plan IS NOT NULL
                        """)
                    .params(row)
                    .update())
        > 0;
  }

  @Override
  public boolean pause(String id) {
    return database.run(
            client ->
                client
                    .sql(
                        """
                        UPDATE sweep SET state = 'PAUSED'
                          WHERE id = ? AND active_plan IS NOT NULL AND NOT cancelled
                        """)
                    .param(id)
                    .update())
        > 0;
  }

  @Override
  public boolean resume(String id) {
    return database.run(
            client ->
                client
                    .sql(
                        """
                        UPDATE sweep SET state = CASE WHEN state = 'PAUSED' THEN 'QUEUED' ELSE state END
                          WHERE id = ? AND active_plan IS NOT NULL
                        """)
                    .param(id)
                    .update())
        > 0;
  }

  @Override
  public boolean cancel(String id, Instant at) {
    return database.inTransaction(
        client -> {
          int ended =
              client
                  .sql(
                      """
                      UPDATE sweep SET active_plan = NULL, state = 'CANCELLED', cancelled = TRUE,
                          finished_at = ?
                        WHERE id = ? AND active_plan IS NOT NULL AND worker IS NULL
                      """)
                  .params(at.toEpochMilli(), id)
                  .update();
          int told =
              client
                  .sql("UPDATE sweep SET cancelled = TRUE WHERE id = ? AND active_plan IS NOT NULL")
                  .param(id)
                  .update();
          return ended + told > 0;
        });
  }

  @Override
  public Map<String, Hold> holds() {
    Map<String, Hold> holds = new HashMap<>();
    database.run(
        client -> {
          client
              .sql(
                  "SELECT plan, active_plan, publishing, shrinks FROM sweep s WHERE run = "
                      + TELLING)
              .query(
                  (RowCallbackHandler)
                      row -> {
                        boolean active = row.getString("active_plan") != null;
                        boolean atEnd =
                            Publishing.AT_END.name().equals(row.getString("publishing"));
                        String plan = row.getString("plan");
                        if (active) {
                          holds.put(plan, atEnd ? Hold.ALL : Hold.REMOVALS);
                        } else if (!row.getBoolean("shrinks")) {
                          holds.put(plan, Hold.UNCONFIRMED);
                        }
                      });
          return holds;
        });
    return holds;
  }

  @Override
  public boolean endHold(String plan, Instant before) {
    return database.run(
            client ->
                client
                    .sql(
                        """
                        UPDATE sweep SET shrinks = TRUE WHERE plan = :plan AND shrinks = FALSE
                          AND NOT EXISTS (SELECT 1 FROM sweep n WHERE n.plan = :plan
                            AND (n.active_plan IS NOT NULL OR n.requested_at >= :before
                              OR n.finished_at >= :before))
                        """)
                    .param("plan", plan)
                    .param("before", before.toEpochMilli())
                    .update())
        > 0;
  }

  @Override
  public int forgetOld(int keep) {
    return database.run(
        client ->
            client
                .sql(
                    """
                    DELETE FROM sweep s WHERE active_plan IS NULL
                      AND run <= (SELECT max(run) FROM sweep n WHERE n.plan = s.plan) - :keep
                      AND run <> COALESCE(%s, -1)
                    """
                        .formatted(TELLING))
                .param("keep", keep)
                .update());
  }

  @Override
  public List<String> plans() {
    return database.run(
        client ->
            client.sql("SELECT DISTINCT plan FROM sweep ORDER BY plan").query(String.class).list());
  }

  /** Each statement looks for itself: a sweep may be asked for meanwhile. */
  @Override
  public void forgetPlan(String plan, Instant before) {
    String unused =
        """
         WHERE plan = :plan AND NOT EXISTS (SELECT 1 FROM sweep n WHERE n.plan = :plan
            AND (n.requested_at >= :before OR n.active_plan IS NOT NULL))
        """;
    Map<String, Object> parameters = Map.of("plan", plan, "before", before.toEpochMilli());
    database.inTransaction(
        client -> {
          client.sql("DELETE FROM swept_tag" + unused).params(parameters).update();
          int forgotten = client.sql("DELETE FROM sweep" + unused).params(parameters).update();
          if (forgotten > 0) {
            client
                .sql("UPDATE reference SET plan = NULL WHERE plan = :plan")
                .params(parameters)
                .update();
          }
          return forgotten;
        });
  }
}
