package dev.imgcompat.service.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.service.settings.Settings.StoreSettings;
import dev.imgcompat.service.store.HistoryStore;
import dev.imgcompat.service.store.ImageStore;
import dev.imgcompat.service.store.ListStore;
import dev.imgcompat.service.store.ReferenceStore;
import dev.imgcompat.service.store.RetentionStore;
import dev.imgcompat.service.store.ScanStore;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.SweepStore;
import dev.imgcompat.service.store.SweptTagStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The store in a database: an embedded one in a directory, or PostgreSQL. What was committed
 * survives the end of this process, however it comes.
 */
public final class JdbcStore implements Store {
  private final StoreAddress address;
  private final HikariDataSource pool;
  private final DataSource connections;
  private final Optional<OwnThreads> threads;
  private final Optional<Housekeeping> housekeeping;
  private final Database database;
  private final FactStore facts;
  private final ImageStore images;
  private final ReferenceStore references;
  private final ScanStore scans;
  private final ListStore lists;
  private final SweepStore sweeps;
  private final SweptTagStore sweptTags;
  private final HistoryStore history;
  private final RetentionStore retention;

  private JdbcStore(StoreAddress address, HikariDataSource pool, Failures failures) {
    this.address = address;
    this.pool = pool;
    this.connections = new TransactionAwareDataSourceProxy(pool);
    this.threads = isEmbedded() ? Optional.of(new OwnThreads()) : Optional.empty();
    this.housekeeping = isEmbedded() ? Optional.of(new Housekeeping(pool)) : Optional.empty();
    this.database =
        new Database(
            pool, new TransactionTemplate(new JdbcTransactionManager(pool)), failures, threads);
    this.facts = new JdbcFactStore(database, Clock.systemUTC());
    this.images = new JdbcImageStore(database);
    this.references = new JdbcReferenceStore(database);
    this.scans = new JdbcScanStore(database);
    this.lists = new JdbcListStore(database);
    this.sweeps = new JdbcSweepStore(database);
    this.sweptTags = new JdbcSweptTagStore(database);
    this.history = new JdbcHistoryStore(database);
    this.retention = new JdbcRetentionStore(database);
  }

  /**
   * Opens the store, and brings its tables up to date.
   *
   * @param defaultDirectory of the embedded database, unless the settings say otherwise
   * @throws dev.imgcompat.service.store.StoreUnavailableException if it cannot be reached, another
   *     process has it open, or it is none
   * @throws dev.imgcompat.service.settings.InvalidSettingException if its directory cannot be made
   *     or the password not be read
   */
  public static JdbcStore open(StoreSettings settings, Path defaultDirectory) {
    StoreAddress address = StoreAddress.of(settings, defaultDirectory);
    Failures failures = new Failures(address.subject());
    Duration timeout = settings.timeout();
    HikariDataSource pool;
    try {
      pool = Connections.pool(address, settings.connections(), timeout, failures);
    } catch (RuntimeException e) {
      throw failures.unavailable(e);
    }
    try {
      migrate(address, timeout);
    } catch (RuntimeException e) {
      pool.close();
      throw failures.unavailable(e);
    }
    JdbcStore store = new JdbcStore(address, pool, failures);
    store.housekeeping.ifPresent(Housekeeping::start);
    return store;
  }

  private static void migrate(StoreAddress address, Duration timeout) {
    Flyway.configure(JdbcStore.class.getClassLoader())
        .dataSource(Connections.single(address, timeout))
        .locations("classpath:db/migration")
        .placeholders(address.dialect().types())
        .cleanDisabled(true)
        .loggers("slf4j")
        .load()
        .migrate();
  }

  /** Whether the database is in this process, and its own. */
  public boolean isEmbedded() {
    return address.dialect() == Dialect.H2;
  }

  /** Connections to it; within {@link #inTransaction} the one of the transaction. */
  public DataSource dataSource() {
    return connections;
  }

  /**
   * Runs what is to take effect whole or not at all: calls of this store, and whatever uses {@link
   * #dataSource}, on this thread.
   *
   * @throws dev.imgcompat.service.store.StoreUnavailableException if the store is down
   */
  public <T> T inTransaction(Supplier<T> work) {
    return database.inTransaction(work);
  }

  @Override
  public FactStore facts() {
    return facts;
  }

  @Override
  public ImageStore images() {
    return images;
  }

  @Override
  public ReferenceStore references() {
    return references;
  }

  @Override
  public ScanStore scans() {
    return scans;
  }

  @Override
  public ListStore lists() {
    return lists;
  }

  @Override
  public SweepStore sweeps() {
    return sweeps;
  }

  @Override
  public SweptTagStore sweptTags() {
    return sweptTags;
  }

  @Override
  public HistoryStore history() {
    return history;
  }

  @Override
  public RetentionStore retention() {
    return retention;
  }

  @Override
  public void check() {
    database.run(
        client -> client.sql("SELECT count(*) FROM list_revision").query(Long.class).single());
  }

  /** Closes the database too, if it is embedded. */
  @Override
  public void close() {
    housekeeping.ifPresent(Housekeeping::close);
    threads.ifPresent(OwnThreads::close);
    pool.close();
  }
}
