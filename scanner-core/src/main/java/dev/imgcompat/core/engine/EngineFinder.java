package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.ScanException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the engine that the docker command would use: that of {@code DOCKER_HOST}, or else of the
 * context that {@code DOCKER_CONTEXT} names, or else of {@code currentContext} in its config file,
 * or else the default socket ({@code resolveContextName} in {@code cli/command/cli.go} of
 * docker/cli). The context {@code default} stands for {@code DOCKER_HOST} or the default socket.
 *
 * <p>Safe for use by several threads; looks anew each time.
 */
public final class EngineFinder {
  private static final String HOST = "DOCKER_HOST";
  private static final String DEFAULT_CONTEXT = "default";

  private final Map<String, String> environment;
  private final Path home;

  /**
   * Creates a finder.
   *
   * @param environment variables, such as {@link System#getenv()}
   * @param home directory of the user, below which {@code .docker} is
   */
  public EngineFinder(Map<String, String> environment, Path home) {
    this.environment = Map.copyOf(environment);
    this.home = home;
  }

  /**
   * Finds the engine; whether it runs is not asked.
   *
   * @throws ScanException if the settings are malformed, unreadable, or name an engine that cannot
   *     be spoken to
   */
  public EngineEndpoint find() throws ScanException {
    DockerConfig config =
        new DockerConfig(variable("DOCKER_CONFIG").map(Path::of).orElse(home.resolve(".docker")));
    if (variable(HOST).isPresent()) {
      return ofEnvironment(config);
    }
    Optional<String> context = variable("DOCKER_CONTEXT");
    if (context.isEmpty()) {
      context = config.currentContext();
    }
    return context.isEmpty() || context.get().equals(DEFAULT_CONTEXT)
        ? ofEnvironment(config)
        : config.endpoint(context.get());
  }

  private EngineEndpoint ofEnvironment(DockerConfig config) throws ScanException {
    boolean verify = variable("DOCKER_TLS_VERIFY").isPresent();
    boolean wanted = verify || variable("DOCKER_TLS").isPresent();
    Optional<String> named = variable(HOST).filter(h -> !h.isBlank());
    EngineHost host;
    if (named.isPresent()) {
      host = EngineHost.parse(named.get(), HOST);
    } else {
      host = wanted ? EngineHost.DEFAULT_TLS : EngineHost.DEFAULT;
    }
    if (host instanceof EngineHost.Socket) {
      return new EngineEndpoint(host, Optional.empty());
    }
    Path certificates = variable("DOCKER_CERT_PATH").map(Path::of).orElse(config.directory());
    return DockerConfig.endpoint(
        host,
        wanted
            ? Optional.of(
                verify
                    ? EngineTls.verifying(certificates, true)
                    : EngineTls.trustingAll(certificates))
            : Optional.empty());
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isEmpty());
  }
}
