package dev.imgcompat.service.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Opens connections with their time-outs. */
final class Connections {
  /** How long a migration may be silent: it may wait for another replica's. */
  private static final Duration MIGRATION = Duration.ofMinutes(10);

  private Connections() {}

  /**
   * A pool, which mends itself when the database was gone.
   *
   * @throws RuntimeException if there is no connection to be had
   */
  static HikariDataSource pool(
      StoreAddress address, int connections, Duration timeout, Failures failures) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("store");
    config.setJdbcUrl(address.url());
    config.setUsername(address.username());
    config.setPassword(address.password());
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(timeout.toMillis());
    config.setValidationTimeout(Math.max(250, timeout.toMillis() / 2));
    config.setConnectionInitSql(address.dialect().initialStatement(timeout));
    config.setExceptionOverride(failures);
    // The server gives up a statement first; this is for one that does not answer at all.
    config.setDataSourceProperties(properties(address.dialect(), timeout, timeout.plusSeconds(1)));
    return new HikariDataSource(config);
  }

  /** Single connections, for migrations: these may take long. */
  static DataSource single(StoreAddress address, Duration timeout) {
    DriverManagerDataSource connections =
        new DriverManagerDataSource(
            address.url(),
            String.valueOf(address.username() == null ? "" : address.username()),
            String.valueOf(address.password() == null ? "" : address.password()));
    connections.setConnectionProperties(properties(address.dialect(), timeout, MIGRATION));
    return connections;
  }

  private static Properties properties(Dialect dialect, Duration connect, Duration answer) {
    Properties properties = new Properties();
    if (dialect == Dialect.POSTGRESQL) {
      properties.setProperty("connectTimeout", seconds(connect));
      properties.setProperty("loginTimeout", seconds(connect));
      properties.setProperty("cancelSignalTimeout", seconds(connect));
      properties.setProperty("socketTimeout", seconds(answer));
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("ApplicationName", "imgcompat");
    }
    return properties;
  }

  /** Rounded up: 0 would be for ever. */
  private static String seconds(Duration duration) {
    return Long.toString((duration.toMillis() + 999) / 1000);
  }
}
