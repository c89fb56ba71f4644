package dev.imgcompat.core.engine;

import dev.imgcompat.core.access.SettingsFile;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.ScanException.EngineUnavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The directory of docker's own settings: its config file and its contexts. */
final class DockerConfig {
  private static final int MAX_BYTES = 4 << 20;

  private final Path directory;

  DockerConfig(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** The context that {@code docker context use} chose. */
  Optional<String> currentContext() throws ScanException {
    Path file = directory.resolve("config.json");
    return Files.notExists(file)
        ? Optional.empty()
        : text(SettingsFile.json(file, MAX_BYTES).path("currentContext"));
  }

  /** The engine of a context. */
  EngineEndpoint endpoint(String context) throws ScanException {
    String id = Bytes.digest(context.getBytes(StandardCharsets.UTF_8)).hex();
    Path contexts = directory.resolve("contexts");
    Path file = contexts.resolve("meta").resolve(id).resolve("meta.json");
    if (Files.notExists(file)) {
      throw EngineUnavailable.misconfigured(
          "there is no Docker context '"
              + context
              + "' ("
              + file
              + "): see docker context ls, or say where the engine is with DOCKER_HOST");
    }
    JsonNode docker = SettingsFile.json(file, MAX_BYTES).path("Endpoints").path("docker");
    if (!docker.isObject()) {
      throw EngineUnavailable.misconfigured(
          "the Docker context '" + context + "' names no Docker engine (" + file + ")");
    }
    Optional<String> host = text(docker.path("Host"));
    EngineHost parsed =
        host.isEmpty()
            ? EngineHost.DEFAULT
            : EngineHost.parse(host.get(), "the Docker context '" + context + "'");
    if (parsed instanceof EngineHost.Socket) {
      return new EngineEndpoint(parsed, Optional.empty());
    }
    Path certificates = contexts.resolve("tls").resolve(id).resolve("docker");
    if (docker.path("SkipTLSVerify").asBoolean(false)) {
      return endpoint(parsed, Optional.of(EngineTls.trustingAll(certificates)));
    }
    return endpoint(
        parsed,
        Files.isDirectory(certificates)
            ? Optional.of(EngineTls.verifying(certificates, false))
            : Optional.empty());
  }

  /** The engine at a network address; only its scheme may want TLS, or not, without being asked. */
  static EngineEndpoint endpoint(EngineHost host, Optional<EngineTls> tls) throws ScanException {
    String scheme = host instanceof EngineHost.Address address ? address.scheme() : "";
    return switch (scheme) {
      case "http" -> new EngineEndpoint(host, Optional.empty());
      case "https" ->
          new EngineEndpoint(host, tls.isPresent() ? tls : Optional.of(EngineTls.ofJava()));
      default -> new EngineEndpoint(host, tls);
    };
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString()
        ? Optional.of(node.asString()).filter(t -> !t.isEmpty())
        : Optional.empty();
  }
}
