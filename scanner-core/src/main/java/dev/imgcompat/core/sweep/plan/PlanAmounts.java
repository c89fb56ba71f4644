package dev.imgcompat.core.sweep.plan;

import dev.imgcompat.core.registry.RegistrySettings.Rate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts as plans have them. What is none is an IllegalArgumentException that says how to write
 * it.
 */
final class PlanAmounts {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(s|m|h|d)");
  private static final Pattern RATE = Pattern.compile("(\\d{1,6})/(s|m|h)");
  private static final Pattern SPEED = Pattern.compile("(\\d{1,15})(B|KiB|MiB|GiB)/s");
  private static final long FASTEST = 1L << 40;
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Map<String, Duration> TIMES =
      Map.of(
          "s",
          Duration.ofSeconds(1),
          "m",
          Duration.ofMinutes(1),
          "h",
          Duration.ofHours(1),
          "d",
          Duration.ofDays(1));
  private static final Map<String, Long> SIZES =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  private PlanAmounts() {}

  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      Duration unit = unit(matcher.group(2));
      long amount = Long.parseLong(matcher.group(1));
      if (amount <= LONGEST.dividedBy(unit)) {
        return unit.multipliedBy(amount);
      }
    }
    throw new IllegalArgumentException(
        "is no duration: write a whole number and one of s, m, h and d, such as 7d");
  }

  static String text(Duration duration) {
    return duration.toSeconds() % 86_400 == 0
        ? duration.toDays() + "d"
        : duration.toSeconds() % 3_600 == 0 ? duration.toHours() + "h" : duration.toSeconds() + "s";
  }

  static Rate rate(String text) {
    Matcher matcher = RATE.matcher(text);
    if (matcher.matches() && Integer.parseInt(matcher.group(1)) > 0) {
      return new Rate(Integer.parseInt(matcher.group(1)), unit(matcher.group(2)));
    }
    throw new IllegalArgumentException(
        "is no rate of requests: write a number per s, m or h, such as 600/m");
  }

  static String text(Rate rate) {
    String unit =
        rate.per().equals(Duration.ofHours(1))
            ? "h"
            : rate.per().equals(Duration.ofMinutes(1)) ? "m" : "s";
    return rate.count() + "/" + unit;
  }

  static long speed(String text) {
    Matcher matcher = SPEED.matcher(text);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      long unit = size(matcher.group(2));
      if (amount > 0 && amount <= FASTEST / unit) {
        return amount * unit;
      }
    }
    throw new IllegalArgumentException(
        "is no speed: write a number of B, KiB, MiB or GiB per s, such as 10MiB/s");
  }

  static Selection.Since since(String text) {
    try {
      return new Selection.Since(Optional.empty(), Optional.of(duration(text)));
    } catch (IllegalArgumentException e) {
      return new Selection.Since(Optional.of(time(text)), Optional.empty());
    }
  }

  private static Instant time(String text) {
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "is no time: write an age such as 30d, or a date such as 2026-01-31", e);
    }
  }

  private static Duration unit(String name) {
    Duration unit = TIMES.get(name);
    if (unit == null) {
      throw new IllegalStateException(name);
    }
    return unit;
  }

  private static long size(String name) {
    Long size = SIZES.get(name);
    if (size == null) {
      throw new IllegalStateException(name);
    }
    return size;
  }
}
