package dev.imgcompat.core.rootfs;

import java.util.ArrayList;
import java.util.List;

/** Versions as numbers between dots; what follows the numbers does not count. */
public final class Versions {
  private static final int MAX_PARTS = 6;

  private Versions() {}

  /** Returns a key by which versions sort as numbers: 2.9 before 2.12, and 2.12 equal to 2.12.0. */
  public static Key key(String version) {
    List<Integer> parts = new ArrayList<>();
    for (String part : upstream(version).split("\\.", MAX_PARTS + 1)) {
      if (part.isEmpty() || parts.size() == MAX_PARTS) {
        break;
      }
      parts.add(part.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(part));
    }
    while (parts.size() > 1 && parts.get(parts.size() - 1) == 0) {
      parts.remove(parts.size() - 1);
    }
    return new Key(List.copyOf(parts));
  }

  /** Whether {@code left} comes before {@code right}. */
  public static boolean isBelow(String left, String right) {
    return key(left).compareTo(key(right)) < 0;
  }

  /** The upstream part of a package's version: without epoch and release. */
  static String upstream(String packaged) {
    String version = packaged.substring(packaged.indexOf(':') + 1);
    int end = 0;
    while (end < version.length()
        && (Character.isDigit(version.charAt(end)) || version.charAt(end) == '.')) {
      end++;
    }
    return version.substring(0, end);
  }

  /**
   * The numbers of a version.
   *
   * @param parts most significant first, without trailing zeros
   */
  public record Key(List<Integer> parts) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int common = Math.min(parts.size(), other.parts.size());
      for (int i = 0; i < common; i++) {
        int order = Integer.compare(parts.get(i), other.parts.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(parts.size(), other.parts.size());
    }
  }
}
