package dev.imgcompat.service.store.jdbc;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Runs statements, and tells a database that is down from mistakes. Safe for use by several
 * threads. What is called within {@link #inTransaction} takes part in that transaction.
 */
final class Database {
  private final JdbcClient client;
  private final TransactionOperations transactions;
  private final Failures failures;
  private final Optional<OwnThreads> threads;

  /**
   * Creates one.
   *
   * @param threads in which statements run, if not in those of whoever calls
   */
  Database(
      DataSource connections,
      TransactionOperations transactions,
      Failures failures,
      Optional<OwnThreads> threads) {
    this.client = JdbcClient.create(connections);
    this.transactions = transactions;
    this.failures = failures;
    this.threads = threads;
  }

  private <T> T call(Supplier<T> task) {
    return threads.isPresent() ? threads.get().call(task) : task.get();
  }

  /** Runs one statement, which is a transaction unless it takes part in one. */
  <T> T run(Function<JdbcClient, T> statement) {
    try {
      return call(() -> statement.apply(client));
    } catch (RuntimeException e) {
      throw failures.translate(e);
    }
  }

  /** Runs several statements of which all take effect or none. */
  <T> T inTransaction(Supplier<T> statements) {
    try {
      return call(() -> transactions.<T>execute(status -> statements.get()));
    } catch (RuntimeException e) {
      throw failures.translate(e);
    }
  }

  /** {@link #inTransaction(Supplier)} for statements. */
  <T> T inTransaction(Function<JdbcClient, T> statements) {
    return inTransaction(() -> statements.apply(client));
  }
}
