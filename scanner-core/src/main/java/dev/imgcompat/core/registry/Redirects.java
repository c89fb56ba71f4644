package dev.imgcompat.core.registry;

import java.io.IOException;
import java.net.URI;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;

/** Redirects, followed one by one, and not for ever. */
final class Redirects {
  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_PORT = 65_535;
  private static final String SCHEME = "[a-z]{2,6}";

  private Redirects() {}

  static boolean isRedirect(ClassicHttpResponse response) {
    return switch (response.getCode()) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /**
   * Where a redirect leads, to a blob store as a rule; closes the response. From https it leads to
   * https only. Credentials stay behind.
   *
   * @param followed how many redirects there were before
   */
  static URI next(URI from, ClassicHttpResponse response, int followed) throws IOException {
    Header location = response.getFirstHeader(HttpHeaders.LOCATION);
    HttpTransport.discard(response);
    if (location == null || followed >= MAX_REDIRECTS) {
      throw new BadAnswer(
          location == null
              ? "a redirect to nowhere"
              : "more than " + MAX_REDIRECTS + " redirects, one after the other");
    }
    URI to;
    try {
      to = from.resolve(location.getValue());
    } catch (IllegalArgumentException e) {
      // Without the cause: it quotes the address, and such addresses are signed.
      throw new BadAnswer("a redirect to something that is no address");
    }
    String scheme = String.valueOf(to.getScheme());
    boolean plain = scheme.equals("http") && "http".equals(from.getScheme());
    if (!scheme.equals("https") && !plain) {
      throw new BadAnswer(
          "a redirect from "
              + from.getScheme()
              + " to "
              // Nothing else of the address is repeated.
              + (scheme.matches(SCHEME) ? scheme : "another scheme"));
    }
    if (to.getHost() == null || to.getPort() > MAX_PORT || to.getRawUserInfo() != null) {
      throw new BadAnswer("a redirect to something that is no host");
    }
    return to;
  }
}
