package dev.imgcompat.core.lint;

import dev.imgcompat.core.image.Printable;

/** Keys, names and patterns of a configuration as messages quote them. */
final class Quoted {
  private static final int MAX = 80;

  private Quoted() {}

  /** Returns a text in quotes, printable and of bounded length. */
  static String of(String text) {
    boolean isLong = text.codePointCount(0, text.length()) > MAX;
    return "'"
        + Printable.of(isLong ? text.substring(0, text.offsetByCodePoints(0, MAX)) + "…" : text)
        + "'";
  }
}
