package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.PatternShape.Kind;
import dev.imgcompat.core.lint.PatternShape.Part;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a pattern is found in no name of an image. Says it of patterns without alternatives and
 * groups only, in which everything has to be found.
 */
final class NeverFound {
  private static final Pattern SLASHES = Pattern.compile("(?s)/(.+)/[dgimsuvy]*");

  private NeverFound() {}

  /** The reason, and what to write; empty if there may be such a name. */
  static Optional<String> reason(String text, PatternShape shape) {
    if (SLASHES.matcher(text).matches() && !text.startsWith("//")) {
      return Optional.of(
          "the slashes around it, and the letters after them, would have to be in the name: leave"
              + " them out");
    }
    if (shape.has(Kind.STRUCTURE)) {
      return Optional.empty();
    }
    List<Part> parts = shape.parts();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      String next = i + 1 < parts.size() ? parts.get(i + 1).text() : "";
      boolean isOptional = next.equals("?") || next.equals("*") || next.startsWith("{0");
      if (part.is(Kind.LITERAL) && !isOptional && !isOfNames(part.character())) {
        return Optional.of(
            Character.isWhitespace(part.character())
                ? "no name of an image has a space: leave it out"
                : "no name of an image has the character "
                    + Quoted.of(String.valueOf(part.character()))
                    + ": write each name as a pattern of its own");
      }
      if (part.is(Kind.END) && !isOptional && isBeforeLiteral(parts, i)) {
        return Optional.of("nothing comes after the end that '$' stands for: write it last");
      }
      if (part.is(Kind.START) && !isOptional && i > 0 && parts.get(i - 1).is(Kind.LITERAL)) {
        return Optional.of("nothing comes before the start that '^' stands for: write it first");
      }
    }
    return Optional.empty();
  }

  private static boolean isBeforeLiteral(List<Part> parts, int i) {
    boolean isOptional = i + 2 < parts.size() && parts.get(i + 2).text().matches("[?*]|\\{0.*");
    return i + 1 < parts.size()
        && (parts.get(i + 1).is(Kind.LITERAL) || parts.get(i + 1).is(Kind.DOT))
        && !isOptional;
  }

  private static boolean isOfNames(char c) {
    // A name is of ASCII, but the router ignores case by Unicode's rules.
    return c < 128
        ? Character.isLetterOrDigit(c) || "._-/:@+[]%~".indexOf(c) >= 0
        : Character.isLetter(c);
  }
}
