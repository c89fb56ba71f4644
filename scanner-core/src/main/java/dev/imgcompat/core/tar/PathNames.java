package dev.imgcompat.core.tar;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Names of entries as a runtime would understand them. */
public final class PathNames {
  private PathNames() {}

  /**
   * Returns {@code path} relative to the root, without empty, {@code .} and {@code ..} components;
   * {@code ..} above the root stays at the root, as {@code filepath.Clean} does in containerd.
   */
  public static String normalise(String path) {
    if (!path.isEmpty()
        && path.charAt(0) != '/'
        && path.charAt(0) != '.'
        && !path.contains("//")
        && !path.contains("/.")
        && !path.endsWith("/")) {
      return path;
    }
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  /** The directory of a normalised path; empty for the root and what is in it. */
  public static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  /**
   * Returns a name that was decoded byte by byte as Unicode: as UTF-8 where the bytes are UTF-8,
   * and otherwise with each byte beyond ASCII as {@code \\xNN}. So names in any encoding stay
   * distinct.
   */
  static String decode(String latin1) {
    boolean ascii = true;
    for (int i = 0; i < latin1.length(); i++) {
      ascii &= latin1.charAt(i) < 0x80;
    }
    if (ascii) {
      return latin1;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      StringBuilder escaped = new StringBuilder();
      for (int i = 0; i < latin1.length(); i++) {
        char octet = latin1.charAt(i);
        escaped.append(octet < 0x80 ? octet : String.format("\\x%02x", (int) octet));
      }
      return escaped.toString();
    }
  }

  /** Returns a relative path of this machine as Unicode, whatever the encoding of its names. */
  public static String decode(Path relative, Path absolute) {
    String text = relative.toString();
    if (text.indexOf('\ufffd') < 0) {
      return text;
    }
    // Only the URI shows the bytes of a name that is not of the locale's encoding.
    String raw = absolute.toUri().getRawPath();
    StringBuilder latin1 = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '%' && i + 2 < raw.length()) {
        latin1.append((char) Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        latin1.append(raw.charAt(i));
      }
    }
    int names = relative.getNameCount();
    int from = latin1.length();
    if (from > 0 && latin1.charAt(from - 1) == '/') {
      latin1.setLength(--from);
    }
    for (int i = 0; i < names; i++) {
      from = latin1.lastIndexOf("/", from - 1);
    }
    return decode(latin1.substring(from + 1));
  }
}
