package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.ScanException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts the name of an image into a path of the API. */
final class ImagePath {
  /** What docker's client, hence Go, leaves as it is in paths. */
  private static final String PLAIN = "-_.~$&+,/:;=@";

  private ImagePath() {}

  /**
   * Returns {@code /images/NAME} with the name encoded; its slashes stay.
   *
   * @throws ScanException.InvalidReference if the name would lead to another path
   */
  static String of(String name) throws ScanException.InvalidReference {
    List<String> parts = List.of(name.split("/", -1));
    if (parts.contains("") || parts.contains(".") || parts.contains("..")) {
      throw new ScanException.InvalidReference("'" + name + "' is no name of an image");
    }
    StringBuilder path = new StringBuilder("/images/");
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
        path.append(c);
      } else {
        path.append(String.format("%%%02X", (int) c));
      }
    }
    return path.toString();
  }
}
