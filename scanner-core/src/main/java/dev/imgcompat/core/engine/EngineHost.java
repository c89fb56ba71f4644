package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.ScanException.EngineUnavailable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * An engine's host, in the forms that docker takes ({@code opts/hosts.go} of docker/cli) and, as
 * its contexts may have them, {@code http} and {@code https}.
 */
sealed interface EngineHost {
  /** Where the engine listens unless something else is said. */
  Socket DEFAULT = new Socket(Path.of("/var/run/docker.sock"));

  /** Where docker looks if TLS is wanted and nothing else is said. */
  Address DEFAULT_TLS = new Address("tcp", "localhost", 2376, "");

  /** The port of {@code tcp://}; docker takes the same one with TLS. */
  int TCP_PORT = 2375;

  /** The host for people; no secret is in it. */
  String address();

  /** A Unix domain socket. */
  record Socket(Path path) implements EngineHost {
    @Override
    public String address() {
      return "unix://" + path;
    }
  }

  /**
   * An address of the network.
   *
   * @param scheme {@code tcp}, {@code http} or {@code https}
   * @param name or IP address; IPv6 without brackets
   * @param port 1 to 65535
   * @param basePath before the paths of the API; empty, or with a slash at its start only
   */
  record Address(String scheme, String name, int port, String basePath) implements EngineHost {
    @Override
    public String address() {
      return scheme
          + "://"
          + (name.contains(":") ? "[" + name + "]" : name)
          + ":"
          + port
          + basePath;
    }
  }

  /**
   * Returns the host that a text spells.
   *
   * @param setting where the text stands, such as {@code DOCKER_HOST}
   * @throws EngineUnavailable if it spells none, or one that cannot be spoken to
   */
  static EngineHost parse(String text, String setting) throws EngineUnavailable {
    String host = text.strip();
    int colon = host.indexOf("://");
    String scheme = colon < 0 ? "tcp" : host.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = colon < 0 ? host : host.substring(colon + "://".length());
    return switch (scheme) {
      case "unix" -> socket(rest, setting);
      case "tcp" -> address(scheme, rest, TCP_PORT, setting);
      case "http" -> address(scheme, rest, 80, setting);
      case "https" -> address(scheme, rest, 443, setting);
      case "ssh" ->
          throw EngineUnavailable.misconfigured(
              setting
                  + " names an engine behind ssh://, which is not supported: ssh HOST docker save"
                  + " IMAGE | imgcompat scan docker-archive:-");
      case "npipe", "fd" ->
          throw EngineUnavailable.misconfigured(
              setting
                  + " names an engine at "
                  + scheme
                  + "://, which is not supported: docker save IMAGE | imgcompat scan"
                  + " docker-archive:-");
      default -> throw malformed(setting);
    };
  }

  private static Socket socket(String path, String setting) throws EngineUnavailable {
    if (path.isEmpty()) {
      return DEFAULT;
    }
    if (path.startsWith("@")) {
      throw EngineUnavailable.misconfigured(
          setting + " names an abstract socket, which is not supported: name one of a path");
    }
    try {
      return new Socket(Path.of(path));
    } catch (InvalidPathException e) {
      throw malformed(setting);
    }
  }

  private static Address address(String scheme, String rest, int defaultPort, String setting)
      throws EngineUnavailable {
    URI uri;
    try {
      boolean unnamed = rest.isEmpty() || rest.startsWith(":");
      uri = new URI(scheme + "://" + (unnamed ? "localhost" : "") + rest);
    } catch (URISyntaxException e) {
      throw malformed(setting);
    }
    if (uri.getRawUserInfo() != null) {
      throw EngineUnavailable.misconfigured(
          setting + " holds a user name or password, which engines do not take: leave it out");
    }
    String name = uri.getHost();
    int port = uri.getPort() < 0 ? defaultPort : uri.getPort();
    if (name == null
        || port < 1
        || port > 0xffff
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw malformed(setting);
    }
    return new Address(
        scheme,
        name.startsWith("[") ? name.substring(1, name.length() - 1) : name,
        port,
        uri.getRawPath().replaceFirst("/+$", ""));
  }

  private static EngineUnavailable malformed(String setting) {
    return EngineUnavailable.misconfigured(
        setting
            + " is not the address of a Docker engine: write unix:///path/of/docker.sock or"
            + " tcp://host:port");
  }
}
