package dev.imgcompat.core.engine;

import java.nio.file.Path;
import java.util.Optional;

/** Where a Docker engine is, and how to speak to it. Immutable. */
public final class EngineEndpoint {
  private final EngineHost host;
  private final Optional<EngineTls> tls;

  EngineEndpoint(EngineHost host, Optional<EngineTls> tls) {
    this.host = host;
    this.tls = tls;
  }

  /** Its address for people, such as {@code unix:///var/run/docker.sock}; holds no secret. */
  public String address() {
    return host.address();
  }

  /** The Unix domain socket that it listens on; empty for TCP. */
  public Optional<Path> socket() {
    return host instanceof EngineHost.Socket socket ? Optional.of(socket.path()) : Optional.empty();
  }

  /** Whether the connection is encrypted. */
  public boolean isSecure() {
    return tls.isPresent();
  }

  EngineHost host() {
    return host;
  }

  Optional<EngineTls> tls() {
    return tls;
  }

  @Override
  public String toString() {
    return address();
  }
}
