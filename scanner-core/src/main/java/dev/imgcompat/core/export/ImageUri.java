package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;
import java.nio.charset.StandardCharsets;

/**
 * Where a file of an image is, for code scanning, as a relative URI: the reference in full and the
 * path in the image below it. It has no colon: GitHub takes what is before one for a scheme, and
 * refuses the whole log because the sources have another.
 */
final class ImageUri {
  private static final String UNRESERVED = "-._~";

  private ImageUri() {}

  /** The image itself. */
  static String of(String canonical) {
    StringBuilder uri = new StringBuilder();
    for (String segment : Printable.of(canonical).split("/", -1)) {
      // A segment of dots would lead elsewhere, and an empty first one to a host.
      if (!segment.isEmpty() && !segment.equals(".") && !segment.equals("..")) {
        uri.append(uri.isEmpty() ? "" : "/").append(encoded(segment));
      }
    }
    return uri.toString();
  }

  /** A file of the image. */
  static String of(String canonical, String path) {
    return of(canonical + "/" + path);
  }

  private static String encoded(String segment) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (octet & 0xff);
      boolean plain =
          character < 0x80
              && (Character.isLetterOrDigit(character) || UNRESERVED.indexOf(character) >= 0);
      if (plain) {
        encoded.append(character);
      } else {
        encoded.append(String.format("%%%02X", octet & 0xff));
      }
    }
    return encoded.toString();
  }
}
