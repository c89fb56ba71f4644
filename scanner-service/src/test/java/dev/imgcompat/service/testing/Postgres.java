package dev.imgcompat.service.testing;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports.Binding;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A database of its own on a PostgreSQL server in a container, which all of them share. It is
 * reached through a relay, so that it can go down, and come back at the same address.
 */
public final class Postgres implements AutoCloseable {
  private static final int PORT = 5432;
  private static final String USERNAME = "imgcompat";
  private static final String PASSWORD = "s3cret-of-postgres";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static @Nullable GenericContainer<?> server;

  private final TcpRelay relay = new TcpRelay(Postgres::port);
  private final String name = "test" + NUMBER.incrementAndGet();

  /** Makes a database; skips the test where there is no Docker engine, or not the image. */
  public Postgres() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(), "no Docker engine: no PostgreSQL");
    try (Connection connection = admin()) {
      connection.createStatement().execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For {@code imgcompat.store.url}. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + relay.port() + "/" + name;
  }

  public String username() {
    return USERNAME;
  }

  public String password() {
    return PASSWORD;
  }

  /** Cuts all connections, and new ones at once. */
  public void stop() {
    relay.stop();
  }

  /** Answers nothing more, though it can be connected to. */
  public void silence() {
    relay.silence();
  }

  /** Works again. */
  public void start() {
    relay.start();
  }

  /** Stops the server itself and starts it again: for all databases. */
  public void restartServer() {
    server().getDockerClient().restartContainerCmd(server().getContainerId()).exec();
    awaitServer();
  }

  @Override
  public void close() {
    relay.close();
  }

  private static Connection admin() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + USERNAME + "?connectTimeout=2",
        USERNAME,
        PASSWORD);
  }

  /** Where the server is now: it moves when it is started again. */
  private static int port() {
    Binding[] bindings =
        server()
            .getDockerClient()
            .inspectContainerCmd(server().getContainerId())
            .exec()
            .getNetworkSettings()
            .getPorts()
            .getBindings()
            .get(ExposedPort.tcp(PORT));
    return Integer.parseInt(bindings[0].getHostPortSpec());
  }

  /** The server, started with the first database. */
  private static synchronized GenericContainer<?> server() {
    if (server == null) {
      @SuppressWarnings("resource") // which is stopped with this process
      GenericContainer<?> container =
          new GenericContainer<>(DockerImageName.parse("postgres:15"))
              .withEnv("POSTGRES_USER", USERNAME)
              .withEnv("POSTGRES_PASSWORD", PASSWORD)
              .withExposedPorts(PORT)
              .waitingFor(Wait.forLogMessage(".*ready to accept connections.*", 1));
      try {
        container.start();
      } catch (ContainerFetchException e) {
        abort("no image postgres:15: no PostgreSQL");
      }
      Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
      server = container;
      awaitServer();
    }
    return server;
  }

  /** The public image says that it is ready before it is. */
  private static void awaitServer() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInSameThread()
        .ignoreExceptions()
        .until(
            () -> {
              try (Connection connection = admin()) {
                return connection.isValid(2);
              }
            });
  }
}
