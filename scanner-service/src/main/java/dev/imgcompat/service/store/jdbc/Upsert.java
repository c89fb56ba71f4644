package dev.imgcompat.service.store.jdbc;

import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes a row that may be there. Also right where several replicas write it at once: an insertion
 * that fails would end PostgreSQL's transaction, so none does.
 */
final class Upsert {
  private Upsert() {}

  /**
   * Updates the row, or else inserts it. Parameters are named in both statements.
   *
   * @param insertion ends with {@code ON CONFLICT DO NOTHING}
   */
  static void run(JdbcClient client, String update, String insertion, Map<String, ?> parameters) {
    if (client.sql(update).params(parameters).update() == 0
        && client.sql(insertion).params(parameters).update() == 0) {
      client.sql(update).params(parameters).update();
    }
  }
}
