package dev.imgcompat.core.lint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mozilla.javascript.ScriptRuntime;

/** Numbers and texts as ECMAScript turns them into each other. */
final class EcmaNumber {
  private static final Pattern INTEGER = Pattern.compile("^\\s*([-+]?\\d+)");

  private EcmaNumber() {}

  /** As {@code String(number)} writes it. */
  static String text(double number) {
    return ScriptRuntime.numberToString(number, 10);
  }

  /** What {@code +text} is. */
  static double number(String text) {
    return ScriptRuntime.toNumber(text);
  }

  /** What {@code parseInt(text, 10)} is: the digits at the start, or NaN. */
  static double leadingInteger(String text) {
    Matcher digits = INTEGER.matcher(text);
    return digits.find() ? Double.parseDouble(digits.group(1)) : Double.NaN;
  }
}
