package dev.imgcompat.service.web;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long to wait, such as {@code 10s}, {@code 500ms} or {@code 1m}. */
final class Wait {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(ms|s|m)");

  private Wait() {}

  static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw RefusedException.malformed(
          "the parameter 'wait' is '" + text + "': write a number with ms, s or m, such as 10s");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }
}
