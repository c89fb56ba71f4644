package dev.imgcompat.core.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who is asked without a proxy, as Go reads {@code NO_PROXY}: a host with all below it, {@code
 * .DOMAIN} for those below it only, an address, each with or without a port, a network, or {@code
 * *}.
 *
 * @see <a href="https://pkg.go.dev/golang.org/x/net/http/httpproxy">httpproxy</a>
 */
final class Bypass {
  private static final int MAX_LENGTH = 300;
  private static final int MAX_PORT = 65_535;

  private static final Pattern NETWORK = Pattern.compile("([0-9a-f:.]+)/(\\d{1,3})");
  private static final Pattern WITH_PORT =
      Pattern.compile("(\\[[0-9a-f:.]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");
  private static final Pattern DOMAIN = Pattern.compile("\\.?[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*\\.?");
  private static final Pattern FOUR =
      Pattern.compile(
          "(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");

  private Bypass() {}

  static String parse(String text) throws BadValueException {
    String entry = text.toLowerCase(Locale.ROOT);
    if (entry.startsWith("*.")) {
      entry = entry.substring(1);
    }
    if (entry.length() > MAX_LENGTH || !isEntry(entry)) {
      throw new BadValueException(
          "not something to ask without a proxy: write HOST, .DOMAIN, an address, each also with"
              + " :PORT, a network such as 10.0.0.0/8, or *");
    }
    return entry;
  }

  private static boolean isEntry(String entry) {
    if (entry.equals("*") || isSix(entry)) {
      return true;
    }
    Matcher network = NETWORK.matcher(entry);
    if (network.matches()) {
      int bits = Integer.parseInt(network.group(2));
      String address = network.group(1);
      return (FOUR.matcher(address).matches() && bits <= 32) || (isSix(address) && bits <= 128);
    }
    Matcher matcher = WITH_PORT.matcher(entry);
    if (!matcher.matches()) {
      return false;
    }
    int port = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
    String host = matcher.group(1);
    boolean known =
        host.startsWith("[")
            ? isSix(host.substring(1, host.length() - 1))
            : DOMAIN.matcher(host).matches();
    return known && port >= 1 && port <= MAX_PORT;
  }

  private static boolean isSix(String text) {
    if (text.indexOf(':') < 0 || !text.matches("[0-9a-f:.]+")) {
      return false;
    }
    try {
      // In brackets it is a literal or nothing: no name server is asked.
      return InetAddress.getByName("[" + text + "]") != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
