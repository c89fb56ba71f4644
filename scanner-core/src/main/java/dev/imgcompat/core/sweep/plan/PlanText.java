package dev.imgcompat.core.sweep.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.sweep.plan.SweepPlan.Schedule;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A plan as it is written. Whatever is missing has its default. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PlanText(
    @Nullable String name,
    @Nullable String schedule,
    @Nullable String timeZone,
    @Nullable List<SourceText> sources,
    @Nullable List<String> include,
    @Nullable List<String> exclude,
    @Nullable String versions,
    @Nullable Integer newest,
    @Nullable String changedSince,
    @Nullable String platform,
    @Nullable Integer concurrency,
    @Nullable String requestRate,
    @Nullable String byteRate,
    @Nullable List<String> quietHours,
    @Nullable Integer maxFailures,
    @Nullable String keepGone,
    @Nullable String retryBroken,
    @Nullable String publish) {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final int MOST_CONCURRENCY = 64;
  private static final int MOST_ENTRIES = 1_000;
  private static final Duration A_WEEK = Duration.ofDays(7);

  /** Understands it. */
  SweepPlan plan(String called) throws SweepPlanException {
    if (!called.matches(NAME)) {
      throw new SweepPlanException(
          "is no name for a sweep: write letters, digits, '.', '_' and '-', at most 64");
    }
    if (sources == null || sources.isEmpty()) {
      throw new SweepPlanException("has no sources");
    }
    if (sources.size() > MOST_ENTRIES) {
      throw new SweepPlanException("has more than " + MOST_ENTRIES + " sources");
    }
    requireNoGap("sources", sources);
    List<SourceSpec> specs = new java.util.ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      specs.add(sources.get(i).spec(i + 1));
    }
    ZoneId zone = value("time-zone", timeZone, PlanText::zone).orElse(ZoneId.of("UTC"));
    return new SweepPlan(
        called,
        specs,
        selection(),
        value("platform", platform, PlatformRequest::parse).orElse(PlatformRequest.DEFAULT),
        new SweepPace(
            between("concurrency", concurrency, 1, MOST_CONCURRENCY)
                .orElse(SweepPace.DEFAULT.concurrency()),
            value("request-rate", requestRate, PlanAmounts::rate),
            optionalLong(value("byte-rate", byteRate, PlanAmounts::speed))),
        quiet(zone),
        new Tolerance(
            between("max-failures", maxFailures, 0, 100).orElse(Tolerance.DEFAULT.failures()),
            value("keep-gone", keepGone, PlanAmounts::duration)
                .orElse(Tolerance.DEFAULT.keepGone()),
            value("retry-broken", retryBroken, PlanAmounts::duration)
                .orElse(Tolerance.DEFAULT.retryBroken())),
        value("publish", publish, PlanText::publishing).orElse(Publishing.AT_END),
        schedule == null ? Optional.empty() : Optional.of(new Schedule(schedule, zone)));
  }

  /** How a plan is written. */
  static PlanText of(SweepPlan plan) {
    Selection selection = plan.selection();
    return new PlanText(
        plan.name(),
        plan.schedule().map(Schedule::cron).orElse(null),
        plan.schedule().map(Schedule::zone).orElse(plan.quietHours().zone()).getId(),
        plan.sources().stream().map(SourceText::of).toList(),
        orNull(selection.include()),
        orNull(selection.exclude()),
        selection.versions().orElse(null),
        selection.newest().isPresent() ? selection.newest().getAsInt() : null,
        selection
            .changedSince()
            .map(
                s ->
                    s.time()
                        .map(Instant::toString)
                        .orElseGet(() -> PlanAmounts.text(s.ago().orElseThrow())))
            .orElse(null),
        plan.platforms().equals(PlatformRequest.DEFAULT)
            ? null
            : plan.platforms().wanted().map(Object::toString).orElse("all"),
        plan.pace().concurrency(),
        plan.pace().requests().map(PlanAmounts::text).orElse(null),
        plan.pace().bytesPerSecond().isPresent()
            ? plan.pace().bytesPerSecond().getAsLong() + "B/s"
            : null,
        orNull(plan.quietHours().windows().stream().map(Object::toString).toList()),
        plan.tolerance().failures(),
        PlanAmounts.text(plan.tolerance().keepGone()),
        PlanAmounts.text(plan.tolerance().retryBroken()),
        plan.publishing().name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private static @Nullable List<String> orNull(List<String> list) {
    return list.isEmpty() ? null : list;
  }

  private Selection selection() throws SweepPlanException {
    try {
      return new Selection(
          entries("include", include),
          entries("exclude", exclude),
          Optional.ofNullable(versions),
          newest == null ? OptionalInt.empty() : OptionalInt.of(newest),
          value("changed-since", changedSince, PlanAmounts::since));
    } catch (IllegalArgumentException e) {
      throw new SweepPlanException(String.valueOf(e.getMessage()));
    }
  }

  private QuietHours quiet(ZoneId zone) throws SweepPlanException {
    try {
      QuietHours quiet =
          new QuietHours(
              zone,
              entries("quiet-hours", quietHours).stream().map(QuietHours.Window::parse).toList());
      Instant now = Instant.now();
      if (quiet.until(now).filter(end -> !end.isBefore(now.plus(A_WEEK))).isPresent()) {
        throw new SweepPlanException("quiet-hours leave no time for a sweep");
      }
      return quiet;
    } catch (IllegalArgumentException e) {
      throw new SweepPlanException(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> entries(String key, @Nullable List<String> list)
      throws SweepPlanException {
    if (list != null && list.size() > MOST_ENTRIES) {
      throw new SweepPlanException(key + " has more than " + MOST_ENTRIES + " entries");
    }
    requireNoGap(key, list);
    return list == null ? List.of() : list;
  }

  /** In YAML a dash without anything behind it is such a gap. */
  static void requireNoGap(String key, @Nullable List<?> list) throws SweepPlanException {
    if (list != null && list.stream().anyMatch(Objects::isNull)) {
      throw new SweepPlanException(key + " has an entry without anything in it");
    }
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (java.time.DateTimeException e) {
      throw new IllegalArgumentException("is no time zone: write one such as Europe/Berlin", e);
    }
  }

  private static Publishing publishing(String text) {
    for (Publishing publishing : Publishing.values()) {
      if (publishing.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return publishing;
      }
    }
    throw new IllegalArgumentException("is neither at-end nor continuously");
  }

  private static <T> Optional<T> value(
      String key, @Nullable String text, Function<String, T> reading) throws SweepPlanException {
    try {
      return Optional.ofNullable(text).map(reading);
    } catch (IllegalArgumentException e) {
      throw new SweepPlanException(key + " '" + text + "' " + e.getMessage());
    }
  }

  private static OptionalLong optionalLong(Optional<Long> value) {
    return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
  }

  private static OptionalInt between(String key, @Nullable Integer number, int least, int most)
      throws SweepPlanException {
    if (number == null) {
      return OptionalInt.empty();
    }
    if (number < least || number > most) {
      throw new SweepPlanException(key + " takes a number from " + least + " to " + most);
    }
    return OptionalInt.of(number);
  }
}
