package dev.imgcompat.core.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses of proxies as they are written: {@code http://[USER:PASSWORD@]HOST[:PORT]}, where the
 * scheme may be left out and the port is 80 then, as Go has it. No message quotes one.
 *
 * @see <a href="https://pkg.go.dev/golang.org/x/net/http/httpproxy">httpproxy</a>
 */
final class ProxyAddress {
  private static final String NONE = "none";
  private static final int DEFAULT_PORT = 80;
  private static final int MAX_PORT = 65_535;
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*");
  private static final String FORM =
      "write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with special characters of USER"
          + " and PASSWORD as %XX, or none";

  private ProxyAddress() {}

  /** Empty for {@code none}. */
  static Optional<URI> parse(String text) throws BadValueException {
    if (text.equals(NONE)) {
      return Optional.empty();
    }
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches() && !scheme.group(1).equalsIgnoreCase("http")) {
      throw new BadValueException(
          "a proxy that is itself spoken to by another protocol than plain http (https, socks) is"
              + " not supported: "
              + FORM);
    }
    try {
      URI address = new URI(scheme.matches() ? text : "http://" + text);
      String host = address.getHost();
      int port = address.getPort() < 0 ? DEFAULT_PORT : address.getPort();
      String path = address.getRawPath();
      boolean bare =
          (path == null || path.isEmpty() || path.equals("/"))
              && address.getRawQuery() == null
              && address.getRawFragment() == null;
      if (host == null || port < 1 || port > MAX_PORT || !bare) {
        throw new BadValueException("not the address of a proxy: " + FORM);
      }
      String user = address.getRawUserInfo();
      return Optional.of(
          new URI(
              "http://"
                  + (user == null || user.isEmpty() ? "" : user + "@")
                  + host.toLowerCase(Locale.ROOT)
                  + ":"
                  + port));
    } catch (URISyntaxException e) {
      // Without the cause: it quotes the address, which may hold a password.
      throw new BadValueException("not the address of a proxy: " + FORM);
    }
  }

  /** As it may be shown: without a password. */
  static String text(Optional<URI> proxy) {
    if (proxy.isEmpty()) {
      return NONE;
    }
    String user = proxy.get().getRawUserInfo();
    if (user == null) {
      return proxy.get().toString();
    }
    int colon = user.indexOf(':');
    // What is no pair may be a token.
    String shown = colon < 0 ? "***" : user.substring(0, colon) + ":***";
    return "http://" + shown + "@" + proxy.get().getHost() + ":" + proxy.get().getPort();
  }

  /** Whether {@link #text} leaves something out. */
  static boolean hasSecret(Optional<URI> proxy) {
    return proxy.isPresent() && proxy.get().getRawUserInfo() != null;
  }
}
