package dev.imgcompat.core.router;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites a pattern for Rhino, so that Rhino makes of it what Node makes of the original, where
 * the two differ: classes, bounds without anything to repeat or beyond all measure, names of
 * groups, numbers of groups that are not there, {@code \p} without the flag {@code u}. What both
 * refuse is left to Rhino. For one pattern, by one thread.
 */
final class EcmaSyntax {
  private static final Pattern BOUNDS = Pattern.compile("\\{(\\d+)(,(\\d*))?}");
  private static final Pattern NAMED = Pattern.compile("\\(\\?<([^=!>][^>]*)>");
  private static final String NOTHING = "Nothing to repeat";

  /** More than any name has characters. */
  private static final int MAX_BOUND = 10_000;

  private final String text;
  private final StringBuilder rewritten = new StringBuilder();
  private final Set<String> names = new HashSet<>();

  /** Of each group that is open, whether it may be repeated: one that looks behind may not. */
  private final Deque<Boolean> open = new ArrayDeque<>();

  private final int groups;
  private int at;
  private boolean repeatable;

  private EcmaSyntax(String text) {
    this.text = text;
    this.groups = groups(text);
  }

  /**
   * Returns the pattern for Rhino.
   *
   * @throws InvalidPatternException if Node refuses it where Rhino might not
   */
  static String forRhino(String text) throws InvalidPatternException {
    EcmaSyntax syntax = new EcmaSyntax(text);
    while (syntax.at < text.length()) {
      syntax.term();
    }
    return syntax.rewritten.toString();
  }

  private void term() throws InvalidPatternException {
    char c = text.charAt(at);
    switch (c) {
      case '\\' -> escape();
      case '[' -> characterClass();
      case '(' -> open();
      case ')' -> {
        repeatable = open.isEmpty() || open.pop();
        copy(1);
      }
      case '|', '^', '$' -> {
        repeatable = false;
        copy(1);
      }
      case '*', '+', '?' -> {
        if (!repeatable) {
          throw new InvalidPatternException(NOTHING);
        }
        copy(1);
        repeated();
      }
      case '{' -> brace();
      default -> {
        repeatable = true;
        copy(1);
      }
    }
  }

  /** After a quantifier: a question mark makes it lazy, and it cannot be repeated itself. */
  private void repeated() {
    if (at < text.length() && text.charAt(at) == '?') {
      copy(1);
    }
    repeatable = false;
  }

  private void brace() throws InvalidPatternException {
    Matcher bounds = BOUNDS.matcher(text).region(at, text.length());
    if (!bounds.lookingAt()) {
      // Stands for itself; Rhino doubts it after a quantifier.
      rewritten.append("\\{");
      at++;
      repeatable = true;
      return;
    }
    if (!repeatable) {
      throw new InvalidPatternException(NOTHING);
    }
    String most = bounds.group(3);
    if (most != null && !most.isEmpty() && isLess(most, bounds.group(1))) {
      throw new InvalidPatternException("numbers out of order in {} quantifier");
    }
    rewritten.append('{').append(bound(bounds.group(1)));
    if (bounds.group(2) != null) {
      rewritten.append(',').append(most == null || most.isEmpty() ? "" : bound(most));
    }
    rewritten.append('}');
    at = bounds.end();
    repeated();
  }

  private void open() throws InvalidPatternException {
    Matcher named = NAMED.matcher(text).region(at, text.length());
    if (named.lookingAt()) {
      if (!names.add(named.group(1))) {
        throw new InvalidPatternException("Duplicate capture group name");
      }
      open.push(true);
      copy(named.end() - at);
    } else if (text.startsWith("(?", at)) {
      boolean behind = text.startsWith("(?<=", at) || text.startsWith("(?<!", at);
      open.push(!behind);
      copy(Math.min(behind ? 4 : 3, text.length() - at));
      if (text.startsWith(")", at)) {
        // Rhino cannot assert nothing; this is always so.
        rewritten.append("\\b|\\B");
      }
    } else {
      open.push(true);
      copy(1);
    }
    repeatable = false;
  }

  private void characterClass() throws InvalidPatternException {
    EcmaClass.Rewritten read = EcmaClass.read(text, at);
    rewritten.append(read.rewritten());
    at = read.end();
    repeatable = true;
  }

  private void escape() {
    char next = at + 1 < text.length() ? text.charAt(at + 1) : '\0';
    repeatable = next != 'b' && next != 'B';
    if (next >= '1' && next <= '9') {
      number();
    } else {
      plainEscape(next);
    }
  }

  private void plainEscape(char next) {
    if (next == 'p' || next == 'P') {
      // A letter as any other.
      rewritten.append(next);
      at += 2;
    } else {
      copy(Math.min(2, text.length() - at));
    }
  }

  /** The number of a group; of one that is not there it is that of a character, or a digit. */
  private void number() {
    int end = at + 1;
    while (end < text.length() && Character.digit(text.charAt(end), 10) >= 0) {
      end++;
    }
    if (!isLess(String.valueOf(groups), text.substring(at + 1, end))) {
      copy(end - at);
      return;
    }
    int digits = 0;
    int code = 0;
    while (digits < 3 && at + 1 + digits < end) {
      int digit = Character.digit(text.charAt(at + 1 + digits), 8);
      if (digit < 0 || code * 8 + digit > 0377) {
        break;
      }
      code = code * 8 + digit;
      digits++;
    }
    if (digits > 0) {
      rewritten.append(String.format("\\x%02x", code));
      at += 1 + digits;
    } else {
      rewritten.append(text.charAt(at + 1));
      at += 2;
    }
  }

  private void copy(int count) {
    rewritten.append(text, at, at + count);
    at += count;
  }

  private static String bound(String digits) {
    return isLess(String.valueOf(MAX_BOUND), digits) ? String.valueOf(MAX_BOUND) : digits;
  }

  private static boolean isLess(String number, String other) {
    String one = number.replaceFirst("^0+(?=.)", "");
    String two = other.replaceFirst("^0+(?=.)", "");
    return one.length() == two.length() ? one.compareTo(two) < 0 : one.length() < two.length();
  }

  private static int groups(String text) {
    int groups = 0;
    boolean inClass = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (inClass || c == '[') {
        inClass = c != ']';
      } else if (c == '(' && (!text.startsWith("(?", i) || isNamed(text, i))) {
        groups++;
      }
    }
    return groups;
  }

  private static boolean isNamed(String text, int at) {
    return text.startsWith("(?<", at)
        && !text.startsWith("(?<=", at)
        && !text.startsWith("(?<!", at);
  }
}
