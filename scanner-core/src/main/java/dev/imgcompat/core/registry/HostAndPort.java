package dev.imgcompat.core.registry;

import java.net.URI;
import java.util.Locale;

/**
 * A server.
 *
 * @param host in lower case
 * @param port that was named, or that of the scheme
 */
record HostAndPort(String host, int port) {
  static HostAndPort of(String host, int port) {
    String lower = host.toLowerCase(Locale.ROOT);
    boolean bracketed = lower.startsWith("[") && lower.endsWith("]");
    return new HostAndPort(bracketed ? lower.substring(1, lower.length() - 1) : lower, port);
  }

  static HostAndPort of(URI uri) {
    int port = uri.getPort();
    return of(uri.getHost(), port >= 0 ? port : "https".equals(uri.getScheme()) ? 443 : 80);
  }

  /** Whether two addresses are of one server, and are spoken to alike. */
  static boolean isSame(URI one, URI other) {
    return of(one).equals(of(other)) && one.getScheme().equals(other.getScheme());
  }
}
