package dev.imgcompat.core.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/**
 * The rest of a list, as {@code Link: <...>; rel="next"} names it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8288#section-3">RFC 8288, section 3</a>
 */
final class NextLink {
  private static final Pattern LINK =
      Pattern.compile(
          "<([^<>]*+)>((?:\\s*+;\\s*+[\\w!#$&+.^`|~*-]++(?:\\s*+=\\s*+(?:\"[^\"]*+\"|[^\\s\",;]*+))?+)*+)");
  private static final Pattern RELATION =
      Pattern.compile(
          ";\\s*+rel\\s*+=\\s*+(?:\"([^\"]*+)\"|([^\\s\",;]++))", Pattern.CASE_INSENSITIVE);

  private NextLink() {}

  /**
   * Finds it.
   *
   * @param page the address that was answered
   * @return the target of the next request, if there is one
   * @throws BadAnswer if it leads to another server: what the registry is shown is not for that
   */
  static Optional<String> of(ClassicHttpResponse response, URI page) throws BadAnswer {
    for (Header header : response.getHeaders("Link")) {
      Matcher link = LINK.matcher(header.getValue());
      while (link.find()) {
        if (isNext(link.group(2))) {
          return Optional.of(target(link.group(1).strip(), page));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isNext(String parameters) {
    Matcher relation = RELATION.matcher(parameters);
    if (!relation.find()) {
      return false;
    }
    String relations = relation.group(1) == null ? relation.group(2) : relation.group(1);
    return (" " + relations.toLowerCase(Locale.ROOT) + " ").contains(" next ");
  }

  private static String target(String text, URI page) throws BadAnswer {
    URI next;
    try {
      // Java resolves a query alone as RFC 2396 had it, against the directory.
      next = page.resolve(new URI(text.startsWith("?") ? page.getRawPath() + text : text));
    } catch (URISyntaxException e) {
      // Without the cause: it quotes the address.
      throw new BadAnswer("its link to the rest of the list is no address");
    }
    if (next.getHost() == null || next.getRawUserInfo() != null || next.getScheme() == null) {
      throw new BadAnswer("its link to the rest of the list is no address");
    }
    if (!HostAndPort.isSame(next, page)) {
      throw new BadAnswer(
          "its link to the rest of the list leads to another server: it must know by which name"
              + " and scheme it is asked");
    }
    return next.getRawPath() + (next.getRawQuery() == null ? "" : "?" + next.getRawQuery());
  }
}
