package dev.imgcompat.core.sweep.plan;

import dev.imgcompat.core.image.Printable;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a sweep leaves registries alone. Immutable.
 *
 * @param zone of all times
 * @param windows in which it is quiet
 */
public record QuietHours(ZoneId zone, List<Window> windows) {
  /** Never quiet. */
  public static final QuietHours NONE = new QuietHours(ZoneId.of("UTC"), List.of());

  /** A week of windows that touch each other, and one more look. */
  private static final int MOST_STEPS = 7 * 24 * 60;

  public QuietHours {
    windows = List.copyOf(windows);
  }

  /**
   * From a time up to another, exclusively; past midnight if that is not later.
   *
   * @param days on which it begins
   */
  public record Window(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
    private static final Map<String, DayOfWeek> DAYS = allDays();
    private static final Pattern FORM = Pattern.compile("(?:(\\S+) +)?(\\S+?)-(\\S+)");
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("H:mm", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    public Window {
      days = Set.copyOf(days);
    }

    private static Map<String, DayOfWeek> allDays() {
      Map<String, DayOfWeek> days = new TreeMap<>();
      for (DayOfWeek day : DayOfWeek.values()) {
        days.put(day.name().substring(0, 3).toLowerCase(Locale.ROOT), day);
      }
      return days;
    }

    /**
     * Reads {@code [DAYS ]HH:MM-HH:MM}, where days are such as {@code mon-fri} or {@code sat,sun}.
     *
     * @throws IllegalArgumentException if it is not of that form; the message says so in one line
     */
    public static Window parse(String text) {
      Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw malformed(text);
      }
      try {
        return new Window(
            matcher.group(1) == null ? EnumSet.allOf(DayOfWeek.class) : days(matcher.group(1)),
            time(matcher.group(2)),
            time(matcher.group(3)));
      } catch (RuntimeException e) {
        throw malformed(text);
      }
    }

    /** {@code 24:00} is the midnight that ends a day. */
    private static LocalTime time(String text) {
      return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text, TIME);
    }

    private static Set<DayOfWeek> days(String text) {
      Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
      for (String part : text.split(",", -1)) {
        String[] ends = part.split("-", 2);
        DayOfWeek last = day(ends[ends.length - 1]);
        DayOfWeek day = day(ends[0]);
        days.add(day);
        while (day != last) {
          day = day.plus(1);
          days.add(day);
        }
      }
      return days;
    }

    private static DayOfWeek day(String text) {
      DayOfWeek day = DAYS.get(text);
      if (day == null) {
        throw new IllegalArgumentException("no day of the week");
      }
      return day;
    }

    private static IllegalArgumentException malformed(String text) {
      return new IllegalArgumentException(
          "'"
              + Printable.of(text)
              + "' is no window of quiet hours: write [DAYS ]HH:MM-HH:MM, such as 'mon-fri"
              + " 08:00-18:00'");
    }

    /** When the window ends that a moment is in, if it is in one. */
    private Optional<ZonedDateTime> end(ZonedDateTime moment) {
      // Begun today, or yesterday and over midnight.
      for (int ago = 0; ago <= 1; ago++) {
        ZonedDateTime day = moment.minusDays(ago);
        if (days.contains(day.getDayOfWeek())) {
          ZonedDateTime begin = day.with(from);
          ZonedDateTime end = (to.isAfter(from) ? day : day.plusDays(1)).with(to);
          if (!moment.isBefore(begin) && moment.isBefore(end)) {
            return Optional.of(end);
          }
        }
      }
      return Optional.empty();
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
      String which =
          DAYS.entrySet().stream()
              .filter(d -> days.contains(d.getValue()))
              .sorted(Map.Entry.comparingByValue())
              .map(Map.Entry::getKey)
              .reduce((a, b) -> a + "," + b)
              .orElse("");
      return (days.size() == DAYS.size() ? "" : which + " ")
          + TIME.format(from)
          + "-"
          + TIME.format(to);
    }
  }

  /** If it is quiet now, when that ends; empty if it is not. */
  public Optional<Instant> until(Instant now) {
    ZonedDateTime moment = now.atZone(zone);
    Optional<ZonedDateTime> end = Optional.empty();
    for (int step = 0; step < MOST_STEPS; step++) {
      ZonedDateTime from = end.orElse(moment);
      Optional<ZonedDateTime> next =
          windows.stream().flatMap(w -> w.end(from).stream()).max(ZonedDateTime::compareTo);
      if (next.isEmpty()) {
        return end.map(ZonedDateTime::toInstant);
      }
      end = next;
    }
    return end.map(ZonedDateTime::toInstant);
  }
}
