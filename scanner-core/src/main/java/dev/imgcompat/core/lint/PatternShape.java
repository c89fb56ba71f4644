package dev.imgcompat.core.lint;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parts that a valid pattern is made of, one after the other, as far as one can tell from them
 * what was meant. Immutable.
 */
final class PatternShape {
  /** What a part is. */
  enum Kind {
    /** A character that stands for itself, escaped or not. */
    LITERAL,
    DOT,
    /** A class, or an escape such as {@code \d}. */
    SET,
    START,
    END,
    QUANTIFIER,
    /** A bracket of a group, or a bar. */
    STRUCTURE,
    /** An escape that ECMAScript has no meaning for, so that its letter stands for itself. */
    FOREIGN
  }

  /** A part as it is written. */
  record Part(Kind kind, String text) {
    /** The character that a literal stands for. */
    char character() {
      return text.charAt(text.length() - 1);
    }

    boolean is(Kind other) {
      return kind == other;
    }
  }

  private final List<Part> parts = new ArrayList<>();

  private PatternShape() {}

  static PatternShape of(String pattern) {
    PatternShape shape = new PatternShape();
    for (int at = 0; at < pattern.length(); ) {
      at = shape.part(pattern, at);
    }
    return shape;
  }

  private int part(String pattern, int at) {
    char c = pattern.charAt(at);
    int end = at + 1;
    Kind kind =
        switch (c) {
          case '.' -> Kind.DOT;
          case '^' -> Kind.START;
          case '$' -> Kind.END;
          case '*', '+', '?' -> Kind.QUANTIFIER;
          case '(', ')', '|' -> Kind.STRUCTURE;
          default -> Kind.LITERAL;
        };
    if (c == '[') {
      kind = Kind.SET;
      while (end < pattern.length() && pattern.charAt(end) != ']') {
        end += pattern.charAt(end) == '\\' ? 2 : 1;
      }
      end = Math.min(end + 1, pattern.length());
    } else if (c == '(' && pattern.startsWith("(?", at)) {
      end = at + (pattern.startsWith("(?<", at) ? 4 : 3);
    } else if (c == '{' && pattern.substring(at).matches("(?s)\\{\\d+(?:,\\d*)?}.*")) {
      kind = Kind.QUANTIFIER;
      end = pattern.indexOf('}', at) + 1;
    } else if (c == '\\' && end < pattern.length()) {
      end++;
      kind = escape(pattern, at);
    }
    end = Math.min(end, pattern.length());
    parts.add(new Part(kind, pattern.substring(at, end)));
    return end;
  }

  private static Kind escape(String pattern, int at) {
    char c = pattern.charAt(at + 1);
    if ("dDsSwWbBfnrtvck0123456789".indexOf(c) >= 0) {
      return Kind.SET;
    }
    String rest = pattern.substring(at + 2, Math.min(at + 6, pattern.length()));
    if ((c == 'x' && rest.matches("(?s)\\p{XDigit}{2}.*"))
        || (c == 'u' && rest.matches("(?s)\\p{XDigit}{4}.*"))) {
      return Kind.SET;
    }
    return Character.isLetter(c) || "<>`'".indexOf(c) >= 0 ? Kind.FOREIGN : Kind.LITERAL;
  }

  List<Part> parts() {
    return parts;
  }

  boolean has(Kind kind) {
    return parts.stream().anyMatch(p -> p.is(kind));
  }

  /** Whether anything in it is repeated without end, or often. */
  boolean repeats() {
    return parts.stream().anyMatch(p -> p.is(Kind.QUANTIFIER) && !p.text().equals("?"));
  }

  boolean isAnchored() {
    return !parts.isEmpty()
        && parts.get(0).is(Kind.START)
        && parts.get(parts.size() - 1).is(Kind.END);
  }

  /** The characters before the first part that is none. */
  String start() {
    StringBuilder start = new StringBuilder();
    for (Part part : parts) {
      if (part.is(Kind.LITERAL)) {
        start.append(part.character());
      } else if (!part.is(Kind.START)) {
        break;
      }
    }
    return start.toString();
  }

  /** Each character that stands for itself, once. */
  Set<String> letters() {
    Set<String> letters = new LinkedHashSet<>();
    parts.stream()
        .filter(p -> p.is(Kind.LITERAL))
        .forEach(p -> letters.add(String.valueOf(p.character())));
    return letters;
  }

  /** What it would be found in if all were meant literally, dots too; empty if it cannot be. */
  Optional<String> name() {
    StringBuilder name = new StringBuilder();
    for (Part part : parts) {
      switch (part.kind()) {
        case LITERAL, DOT -> name.append(part.character());
        case START, END -> {}
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(name.toString());
  }
}
