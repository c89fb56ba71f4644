package dev.imgcompat.service.store.jdbc;

import java.time.Duration;
import java.util.Map;

/** In what the databases differ. */
enum Dialect {
  /** In this process, in a file. */
  H2("binary large object", "varchar(2000)", "SET QUERY_TIMEOUT %1$d; SET LOCK_TIMEOUT %1$d"),

  /** A server, which several replicas may share. */
  POSTGRESQL("bytea", "varchar(2000) COLLATE \"C\"", "SET statement_timeout = %d");

  private final String bytes;
  private final String name;
  private final String timeouts;

  Dialect(String bytes, String name, String timeouts) {
    this.bytes = bytes;
    this.name = name;
    this.timeouts = timeouts;
  }

  static Dialect of(String url) {
    return url.startsWith("jdbc:h2:") ? H2 : POSTGRESQL;
  }

  /** The types that migrations name. */
  Map<String, String> types() {
    return Map.of("bytes", bytes, "name", name);
  }

  /** What a connection is told first: how long a statement may take, waiting for locks included. */
  String initialStatement(Duration timeout) {
    return timeouts.formatted(timeout.toMillis());
  }
}
