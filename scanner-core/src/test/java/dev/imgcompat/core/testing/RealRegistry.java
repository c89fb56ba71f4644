package dev.imgcompat.core.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** The distribution project's registry, in a container. */
public final class RealRegistry implements AutoCloseable {
  private static final int PORT = 5000;

  private final GenericContainer<?> container;

  /** Starts one; skips the test where there is no Docker engine. */
  public RealRegistry() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(), "no Docker engine: no real registry");
    container =
        new GenericContainer<>(DockerImageName.parse("registry:2"))
            .withExposedPorts(PORT)
            .withEnv("REGISTRY_STORAGE_DELETE_ENABLED", "true")
            .waitingFor(Wait.forHttp("/v2/").forStatusCode(200));
    container.start();
  }

  /** Host and port. */
  public String name() {
    return "127.0.0.1:" + container.getMappedPort(PORT);
  }

  /** How many requests with this method and path fragment its log has. */
  public long requests(String method, String fragment) {
    return container
        .getLogs()
        .lines()
        .filter(line -> line.contains("\"" + method + " ") && line.contains(fragment))
        .count();
  }

  @Override
  public void close() {
    container.stop();
  }
}
