package dev.imgcompat.core.image;

/**
 * Text of strangers made safe to print: an image's author chooses file names and registries choose
 * error messages, and neither may steer a terminal or forge a line of a log.
 */
public final class Printable {
  private Printable() {}

  /**
   * Returns {@code text} with every control, format and line-separator character, and every lone
   * surrogate, written as a {@code \}{@code uXXXX} escape.
   */
  public static String of(String text) {
    StringBuilder safe = null;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int width = Character.charCount(codePoint);
      if (isPrintable(codePoint)) {
        if (safe != null) {
          safe.appendCodePoint(codePoint);
        }
      } else {
        if (safe == null) {
          safe = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        for (int unit = i; unit < i + width; unit++) {
          safe.append(String.format("\\u%04x", (int) text.charAt(unit)));
        }
      }
      i += width;
    }
    return safe == null ? text : safe.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
