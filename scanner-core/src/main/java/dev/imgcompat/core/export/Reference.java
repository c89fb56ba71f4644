package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where to check a claim, as rules state it: an address, and perhaps what to look for there.
 *
 * @param url absent unless it is one of the web; others are not to be made links of
 * @param text of the address
 * @param remark what to look for there; may be empty
 */
record Reference(Optional<String> url, String text, String remark) {
  static Reference parse(String reference) {
    String printable = Printable.of(reference).strip();
    int space = printable.indexOf(' ');
    String address = space < 0 ? printable : printable.substring(0, space);
    String remark = space < 0 ? "" : printable.substring(space + 1).strip();
    return new Reference(web(address), address, remark);
  }

  private static Optional<String> web(String address) {
    try {
      URI uri = new URI(address);
      boolean web =
          "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
      return web && uri.getHost() != null ? Optional.of(uri.toASCIIString()) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
