package dev.imgcompat.core.registry;

import dev.imgcompat.core.registry.RegistrySettings.Proxies;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.core5.net.InetAddressUtils;

/**
 * Says through which proxy a host is asked, if any, as Go's programs do it, docker's among them.
 *
 * @see <a href="https://pkg.go.dev/golang.org/x/net/http/httpproxy">httpproxy</a>
 */
final class ProxyChoice {
  private final Proxies proxies;

  ProxyChoice(Proxies proxies) {
    this.proxies = proxies;
  }

  /** The proxy for a host, or empty where it is asked directly. */
  Optional<URI> of(String scheme, String host, int port) {
    Optional<URI> proxy = scheme.equals("https") ? proxies.forHttps() : proxies.forHttp();
    return proxy.isEmpty() || isBypassed(bare(host), port) ? Optional.empty() : proxy;
  }

  private boolean isBypassed(String host, int port) {
    if (host.equals("localhost")
        || address(host).filter(InetAddress::isLoopbackAddress).isPresent()) {
      return true;
    }
    return proxies.bypass().stream()
        .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
        .anyMatch(entry -> matches(entry, host, port));
  }

  private static boolean matches(String entry, String host, int port) {
    if (entry.equals("*")) {
      return true;
    }
    if (entry.isEmpty()) {
      return false;
    }
    if (entry.contains("/")) {
      return address(host).filter(address -> isInNetwork(entry, address)).isPresent();
    }
    String pattern = entry;
    int colon = entry.lastIndexOf(':');
    boolean hasPort =
        colon > 0 && (entry.indexOf(':') == colon || entry.startsWith("[")) && !entry.endsWith("]");
    if (hasPort) {
      if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      pattern = entry.substring(0, colon);
    }
    pattern = bare(pattern);
    Optional<InetAddress> asAddress = address(pattern);
    if (asAddress.isPresent()) {
      return address(host).equals(asAddress);
    }
    if (pattern.startsWith("*.")) {
      pattern = pattern.substring(1);
    }
    return pattern.startsWith(".")
        ? host.endsWith(pattern)
        : host.equals(pattern) || host.endsWith("." + pattern);
  }

  private static boolean isInNetwork(String cidr, InetAddress address) {
    int slash = cidr.indexOf('/');
    Optional<InetAddress> network = address(cidr.substring(0, slash));
    if (network.isEmpty() || !cidr.substring(slash + 1).matches("\\d{1,3}")) {
      return false;
    }
    byte[] net = network.get().getAddress();
    byte[] own = address.getAddress();
    int bits = Integer.parseInt(cidr.substring(slash + 1));
    if (net.length != own.length || bits > net.length * 8) {
      return false;
    }
    int rest = net.length * 8 - bits;
    return new BigInteger(1, net).shiftRight(rest).equals(new BigInteger(1, own).shiftRight(rest));
  }

  /** The address that a host is written as; names are not looked up. */
  private static Optional<InetAddress> address(String host) {
    if (!InetAddressUtils.isIPv4(host) && !InetAddressUtils.isIPv6(host)) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static String bare(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.startsWith("[") && lower.endsWith("]")
        ? lower.substring(1, lower.length() - 1)
        : lower;
  }
}
