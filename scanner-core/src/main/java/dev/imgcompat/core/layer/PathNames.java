package dev.imgcompat.core.layer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
   * unchanged otherwise. So names in any encoding stay distinct.
   */
  static String decode(String latin1) {
    boolean ascii = true;
    for (int i = 0; i < latin1.length(); i++) {
      if (latin1.charAt(i) > 0xff) {
        return latin1; // decoded already, from a PAX header
      }
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
      return latin1;
    }
  }
}
