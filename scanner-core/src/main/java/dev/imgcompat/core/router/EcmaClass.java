package dev.imgcompat.core.router;

/**
 * Rewrites a class of characters, such as {@code [\w.-]}, so that each of its characters is written
 * by its number: Rhino looks at ranges when it searches only, and has other rules of escapes. For
 * one class, by one thread.
 */
final class EcmaClass {
  private final String text;
  private final StringBuilder rewritten = new StringBuilder("[");
  private int at;

  private EcmaClass(String text, int at) {
    this.text = text;
    this.at = at;
  }

  /**
   * A class for Rhino.
   *
   * @param rewritten with its brackets
   * @param end where it ends in the pattern
   */
  record Rewritten(String rewritten, int end) {}

  /**
   * Reads the class that begins at a bracket.
   *
   * @throws InvalidPatternException if Node refuses it
   */
  static Rewritten read(String text, int bracket) throws InvalidPatternException {
    EcmaClass set = new EcmaClass(text, bracket + 1);
    set.read();
    return new Rewritten(set.rewritten.toString(), set.at);
  }

  private void read() throws InvalidPatternException {
    if (next('^')) {
      rewritten.append('^');
    }
    while (!next(']')) {
      Atom from = atom();
      int dash = at;
      if (next('-') && at < text.length() && text.charAt(at) != ']') {
        Atom to = atom();
        if (from.isSet() || to.isSet()) {
          write(from);
          write(new Atom('-', ""));
          write(to);
          continue;
        }
        if (from.character() > to.character()) {
          throw new InvalidPatternException("Range out of order in character class");
        }
        write(from);
        rewritten.append('-');
        write(to);
        otherCase(from.character(), to.character());
      } else {
        at = dash;
        write(from);
      }
    }
    rewritten.append(']');
  }

  /**
   * Writes the last small letter whose capital is in a range, which is of the class as well: Rhino
   * finds no room for it otherwise.
   */
  private void otherCase(char from, char to) {
    char last = to;
    for (int c = from; c <= to; c++) {
      char small = Character.toLowerCase((char) c);
      if (small > last && Character.toUpperCase(small) == c) {
        last = small;
      }
    }
    if (last > to) {
      write(new Atom(last, ""));
    }
  }

  private void write(Atom atom) {
    rewritten.append(atom.isSet() ? atom.set() : String.format("\\u%04x", (int) atom.character()));
  }

  private boolean next(char c) throws InvalidPatternException {
    if (at >= text.length()) {
      throw new InvalidPatternException("Unterminated character class");
    }
    if (text.charAt(at) != c) {
      return false;
    }
    at++;
    return true;
  }

  private Atom atom() throws InvalidPatternException {
    if (at >= text.length()) {
      throw new InvalidPatternException("Unterminated character class");
    }
    char c = text.charAt(at++);
    if (c != '\\') {
      return new Atom(c, "");
    }
    if (at >= text.length()) {
      throw new InvalidPatternException("\\ at end of pattern");
    }
    char escaped = text.charAt(at++);
    return switch (escaped) {
      case 'd', 'D', 's', 'S', 'w', 'W' -> new Atom('\0', "\\" + escaped);
      case 'b' -> new Atom('\b', "");
      case 'f' -> new Atom('\f', "");
      case 'n' -> new Atom('\n', "");
      case 'r' -> new Atom('\r', "");
      case 't' -> new Atom('\t', "");
      case 'v' -> new Atom('\u000b', "");
      case 'c' -> control();
      case 'x' -> hexadecimal(2, escaped);
      case 'u' -> hexadecimal(4, escaped);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
      default -> new Atom(escaped, "");
    };
  }

  private Atom control() {
    char c = at < text.length() ? text.charAt(at) : '\0';
    if (c < 128 && (Character.isLetterOrDigit(c) || c == '_')) {
      at++;
      return new Atom((char) (c % 32), "");
    }
    // The backslash itself; the letter is next.
    at--;
    return new Atom('\\', "");
  }

  private Atom hexadecimal(int digits, char otherwise) {
    int code = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at + i < text.length() ? Character.digit(text.charAt(at + i), 16) : -1;
      if (digit < 0) {
        return new Atom(otherwise, "");
      }
      code = code * 16 + digit;
    }
    at += digits;
    return new Atom((char) code, "");
  }

  private Atom octal() {
    at--;
    int code = 0;
    for (int i = 0; i < 3 && at < text.length(); i++) {
      int digit = Character.digit(text.charAt(at), 8);
      if (digit < 0 || code * 8 + digit > 0377) {
        break;
      }
      code = code * 8 + digit;
      at++;
    }
    return new Atom((char) code, "");
  }

  /** A character, or a set such as {@code \d}. */
  private record Atom(char character, String set) {
    boolean isSet() {
      return !set.isEmpty();
    }
  }
}
