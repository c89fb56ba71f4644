package dev.imgcompat.service.store.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.service.store.StoreUnavailableException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;

/** Tells a store that is down or too slow from mistakes of this program. */
final class Failures implements SQLExceptionOverride {
  /** H2's error code for a file that another process has open. */
  private static final int H2_IN_USE = 90020;

  /** H2's error codes for a database that was closed, or whose file cannot be read or written. */
  private static final Set<Integer> H2_LOST =
      Set.of(50000, 90007, 90024, 90028, 90030, 90031, 90067, 90097, 90098, 90121, 90135);

  /** H2: lock time-out, concurrent update, deadlock, out of memory. */
  private static final Set<Integer> H2_BUSY = Set.of(50200, 90131, 40001, 90108);

  /**
   * Classes of SQL states: connection exception, transaction rollback, insufficient resources, not
   * in prerequisite state, operator intervention, system error.
   */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58");

  /** A standby does not take writes. */
  private static final String READ_ONLY = "25006";

  private static final int MAX_DEPTH = 20;

  private final String subject;

  /**
   * Creates one.
   *
   * @param subject how the store is called in messages, without secrets
   */
  Failures(String subject) {
    this.subject = subject;
  }

  /** What to throw instead: the failure itself, if it is none of the store. */
  RuntimeException translate(RuntimeException failure) {
    return isOfStore(failure) ? unavailable(failure) : failure;
  }

  /** The same for a failure at the start, where nothing else is the cause. */
  StoreUnavailableException unavailable(Exception failure) {
    Optional<SQLException> sql = deepestSql(rootOf(failure));
    String reason =
        sql.map(Failures::reason).orElseGet(() -> firstLine(String.valueOf(failure.getMessage())));
    return new StoreUnavailableException("the store " + subject + " " + reason, failure);
  }

  /** A connection whose database is gone is of no use any more. */
  @java.lang.Override
  public SQLExceptionOverride.Override adjudicate(SQLException failure) {
    return H2_LOST.contains(failure.getErrorCode())
        ? SQLExceptionOverride.Override.MUST_EVICT
        : SQLExceptionOverride.Override.CONTINUE_EVICT;
  }

  private static boolean isOfStore(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (cause instanceof StoreUnavailableException) {
        return false; // it is one already
      }
      if (cause instanceof DataAccessResourceFailureException
          || cause instanceof RecoverableDataAccessException
          || cause instanceof TransientDataAccessException
          || cause instanceof TransactionTimedOutException
          || cause instanceof TransactionSystemException
          || cause instanceof PoolInitializationException
          || (cause instanceof SQLException sql && isOfStore(sql))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isOfStore(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLTransientException
        || failure instanceof SQLRecoverableException
        || H2_LOST.contains(failure.getErrorCode())
        || H2_BUSY.contains(failure.getErrorCode())
        || failure.getErrorCode() == H2_IN_USE
        || (state != null
            && state.length() == 5
            && (PASSING.contains(state.substring(0, 2)) || state.equals(READ_ONLY)));
  }

  /** A transaction that cannot be rolled back hides why it should be. */
  private static Throwable rootOf(Throwable failure) {
    return failure instanceof TransactionSystemException hiding
            && hiding.getApplicationException() != null
        ? hiding.getApplicationException()
        : failure;
  }

  private static Optional<SQLException> deepestSql(Throwable failure) {
    SQLException deepest = null;
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (cause instanceof SQLException sql) {
        deepest = sql;
      }
      cause = cause.getCause();
    }
    return Optional.ofNullable(deepest);
  }

  private static String reason(SQLException failure) {
    if (failure.getErrorCode() == H2_IN_USE) {
      return "is in use by another process";
    }
    if (failure instanceof SQLTimeoutException || "57014".equals(failure.getSQLState())) {
      return "is too slow: a statement was given up";
    }
    return "does not work: " + firstLine(String.valueOf(failure.getMessage()));
  }

  /** Without the SQL that H2 puts behind its messages. */
  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("");
    int sql = line.indexOf("; SQL statement:");
    return Printable.of(sql < 0 ? line : line.substring(0, sql));
  }
}
