package dev.imgcompat.service.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file of the embedded database small. Each commit writes all pages that it changes to
 * the end of the file, and what is left of older ones is only gathered by a thread that H2 does not
 * start where commits are written at once ({@code WRITE_DELAY=0}): 100,000 images took 31 GB
 * without this.
 */
final class Housekeeping implements AutoCloseable {
  /** What nothing uses is overwritten after this; H2's own 45 seconds are gigabytes of a sweep. */
  static final Duration RETENTION = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final long SMALL_BYTES = 16L << 20;

  /** Of the file, in percent. */
  private static final int USED = 50;

  /** What is gathered at first is not yet free: only so many times in a row tell. */
  private static final int MOST_IN_VAIN = 20;

  private static final int STEPS = 4;
  private static final int STEP_BYTES = 4 << 20;
  private static final int IDLE_MILLIS = 100;

  private final DataSource connections;

  /** No thread that is ever interrupted: that would close the database. */
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "store-housekeeping");
            made.setDaemon(true);
            return made;
          });

  private long seen;
  private int best;
  private int inVain;

  Housekeeping(DataSource connections) {
    this.connections = connections;
  }

  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::keepHouse, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void keepHouse() {
    try (Connection connection = connections.getConnection()) {
      SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
      keepHouse(session.getDatabase().getStore().getMvStore());
    } catch (SQLException | MVStoreException e) {
      LOG.debug("the store is down, or about to be", e);
    } catch (RuntimeException e) {
      LOG.warn("the file of the store could not be made smaller", e);
    }
  }

  /** Gathers a little while others write; while nobody does, until it is not worth while. */
  private void keepHouse(MVStore store) {
    if (store.getFileStore().size() < SMALL_BYTES) {
      return;
    }
    if (store.getCurrentVersion() != seen) {
      best = 0;
      inVain = 0;
      for (int i = 0; i < STEPS && store.compact(USED, STEP_BYTES); i++) {
        LOG.trace("gathered");
      }
    } else if (inVain < MOST_IN_VAIN && used(store) < USED * 100) {
      store.compactFile(IDLE_MILLIS);
      store.setRetentionTime((int) RETENTION.toMillis()); // that has set it to 0
      int used = used(store);
      inVain = used > best ? 0 : inVain + 1;
      best = Math.max(best, used);
    }
    seen = store.getCurrentVersion();
  }

  /** How much of the file is in use, in hundredths of a percent. */
  private static int used(MVStore store) {
    return store.getFileStore().getChunksFillRate() * store.getFillRate();
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.debug("still at it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
