package dev.imgcompat.core.sweep.plan;

import dev.imgcompat.core.image.PlatformRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to sweep, and how. Immutable.
 *
 * @param name a word by which results of the same plan are compared: letters, digits, {@code . _ -}
 * @param sources where references come from; at least one
 * @param selection which of them count
 * @param platforms which images of an index
 * @param pace how much to ask of one registry
 * @param quietHours when nothing is done
 * @param tolerance how failures are dealt with
 * @param publishing when lists get a new revision
 * @param schedule when the service begins it by itself
 */
public record SweepPlan(
    String name,
    List<SourceSpec> sources,
    Selection selection,
    PlatformRequest platforms,
    SweepPace pace,
    QuietHours quietHours,
    Tolerance tolerance,
    Publishing publishing,
    Optional<Schedule> schedule) {
  public SweepPlan {
    sources = List.copyOf(sources);
  }

  /** When lists get a new revision. */
  public enum Publishing {
    /** When the sweep ends. */
    AT_END,
    /** As decisions change. */
    CONTINUOUSLY
  }

  /**
   * How failures are dealt with.
   *
   * @param failures in percent of all tags; a sweep with more of them takes nothing off a list
   * @param keepGone for how long a tag that is gone from the registry stays on lists
   * @param retryBroken after how long an image that is broken in itself is read once more, though
   *     nothing about it has changed
   */
  public record Tolerance(int failures, Duration keepGone, Duration retryBroken) {
    /** 10 %, a week, a week. */
    public static final Tolerance DEFAULT =
        new Tolerance(10, Duration.ofDays(7), Duration.ofDays(7));
  }

  /**
   * When to begin.
   *
   * @param cron as of crontab(5): minute, hour, day of the month, month, day of the week
   * @param zone in which that is meant
   */
  public record Schedule(String cron, java.time.ZoneId zone) {}
}
