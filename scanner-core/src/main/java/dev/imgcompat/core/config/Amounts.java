package dev.imgcompat.core.config;

import dev.imgcompat.core.registry.RegistrySettings.Rate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with units, as they are written. */
final class Amounts {
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final long FASTEST = 1L << 30;
  private static final long LEAST_BYTES = 1L << 10;
  private static final long MOST_BYTES = 1L << 40;
  private static final int MOST_REQUESTS = 1_000_000;
  private static final String UNLIMITED = "unlimited";

  /** Short enough for a long, so that only what is multiplied can be too large. */
  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");

  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h)");
  private static final Pattern SPEED = Pattern.compile("(\\d{1,15})(B|KiB|MiB|GiB)/s");
  private static final Pattern RATE = Pattern.compile("(\\d{1,15})/(s|m|h)");

  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms",
          Duration.ofMillis(1),
          "s",
          Duration.ofSeconds(1),
          "m",
          Duration.ofMinutes(1),
          "h",
          Duration.ofHours(1));
  private static final Map<String, Long> SIZES =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  private Amounts() {}

  static Duration duration(String text) throws BadValueException {
    if (NUMBER.matcher(text).matches()) {
      throw new BadValueException(
          text + " has no unit: write one of ms, s, m and h after it, such as 15s");
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new BadValueException(
          "not a duration: write a whole number and one of ms, s, m and h, such as 15s");
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration unit = time(matcher.group(2));
    if (amount == 0) {
      throw new BadValueException("a duration of 0 leaves no time: write at least 1ms");
    }
    if (amount > LONGEST.dividedBy(unit)) {
      throw new BadValueException("longer than 7 days: write at most 168h");
    }
    return unit.multipliedBy(amount);
  }

  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 && seconds > 60 ? seconds / 60 + "m" : seconds + "s";
  }

  static long speed(String text) throws BadValueException {
    if (text.equals("0")) {
      return 0;
    }
    Matcher matcher = SPEED.matcher(text);
    if (!matcher.matches()) {
      throw new BadValueException(
          "not a speed: write a whole number and one of B/s, KiB/s, MiB/s and GiB/s, such as"
              + " 1KiB/s, or 0 for none");
    }
    long amount = Long.parseLong(matcher.group(1));
    long unit = SIZES.getOrDefault(matcher.group(2), 1L);
    if (amount > FASTEST / unit) {
      throw new BadValueException("too fast to ask for: write at most 1GiB/s");
    }
    return amount * unit;
  }

  static String text(long bytesPerSecond) {
    if (bytesPerSecond == 0) {
      return "0";
    }
    for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
      long size = SIZES.getOrDefault(unit, 1L);
      if (bytesPerSecond % size == 0) {
        return bytesPerSecond / size + unit + "/s";
      }
    }
    return bytesPerSecond + "B/s";
  }

  static Optional<Rate> rate(String text) throws BadValueException {
    if (text.equals(UNLIMITED)) {
      return Optional.empty();
    }
    Matcher matcher = RATE.matcher(text);
    if (!matcher.matches()) {
      throw new BadValueException(
          "not a rate: write a whole number and one of /s, /m and /h, such as 20/s, or unlimited");
    }
    long count = Long.parseLong(matcher.group(1));
    if (count < 1 || count > MOST_REQUESTS) {
      throw new BadValueException(
          "not a rate that can be kept: write 1 to 1000000 before the unit, or unlimited");
    }
    return Optional.of(new Rate((int) count, time(matcher.group(2))));
  }

  static String text(Optional<Rate> rate) {
    return rate.map(
            r ->
                TIMES.entrySet().stream()
                    .filter(unit -> unit.getValue().equals(r.per()))
                    .map(unit -> r.count() + "/" + unit.getKey())
                    .findFirst()
                    .orElseThrow())
        .orElse(UNLIMITED);
  }

  static OptionalLong byteRate(String text) throws BadValueException {
    if (text.equals(UNLIMITED)) {
      return OptionalLong.empty();
    }
    Matcher matcher = SPEED.matcher(text);
    if (!matcher.matches()) {
      throw new BadValueException(
          "not a rate of bytes: write a whole number and one of B/s, KiB/s, MiB/s and GiB/s, such"
              + " as 10MiB/s, or unlimited");
    }
    long amount = Long.parseLong(matcher.group(1));
    long unit = SIZES.getOrDefault(matcher.group(2), 1L);
    if (amount > MOST_BYTES / unit || amount * unit < LEAST_BYTES) {
      throw new BadValueException(
          "not a rate of bytes that can be kept: write 1KiB/s to 1024GiB/s, or unlimited");
    }
    return OptionalLong.of(amount * unit);
  }

  static String text(OptionalLong bytesPerSecond) {
    return bytesPerSecond.isPresent() ? text(bytesPerSecond.getAsLong()) : UNLIMITED;
  }

  /** A whole number of a range. */
  static int count(String text, int least, int most) throws BadValueException {
    long count = NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
    if (count < least || count > most) {
      throw new BadValueException("not a number in range: write one from " + least + " to " + most);
    }
    return (int) count;
  }

  private static Duration time(String unit) {
    return TIMES.getOrDefault(unit, Duration.ofSeconds(1));
  }
}
