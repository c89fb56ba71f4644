package dev.imgcompat.core.registry;

import dev.imgcompat.core.registry.RegistrySettings.Retries;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Counts the tries of one request, and says how long to wait before the next: a random time of up
 * to a bound that doubles each time ("full jitter"), so that clients which failed together do not
 * come back together; or what the registry asks for. Not thread-safe.
 *
 * @see <a
 *     href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 *     backoff and jitter</a>
 */
final class Tries {
  private final Retries settings;
  private final Deadline deadline;
  private final RandomGenerator random;
  private int failed;
  private int failedInAll;

  Tries(Retries settings, Deadline deadline) {
    this(settings, deadline, ThreadLocalRandom.current());
  }

  Tries(Retries settings, Deadline deadline, RandomGenerator random) {
    this.settings = settings;
    this.deadline = deadline;
    this.random = random;
  }

  Deadline deadline() {
    return deadline;
  }

  /** How often it failed. */
  int failures() {
    return failedInAll;
  }

  /** How often it failed, and how long that took, for messages; empty for the first time. */
  String toll() {
    return failedInAll < 2
        ? ""
        : " (" + failedInAll + " tries in " + Failures.duration(deadline.used()) + ")";
  }

  /** Something was gained: failures from here on count anew. */
  void startAnew() {
    failed = 0;
  }

  /**
   * Counts a failure.
   *
   * @return how long to wait before the next try, or empty where there shall be none
   */
  Optional<Duration> afterFailure(IOException failure) {
    failed++;
    failedInAll++;
    if (failed > settings.most() || !Failures.mayPass(failure)) {
      return Optional.empty();
    }
    Optional<Duration> asked =
        failure instanceof TryLater later ? later.retryAfter() : Optional.empty();
    Duration pause;
    if (asked.isPresent()) {
      if (asked.get().compareTo(settings.longestRetryAfter()) > 0) {
        return Optional.empty();
      }
      // Not all at the same moment, and not before it.
      pause = asked.get().plus(upTo(settings.backoff()));
    } else {
      pause = upTo(bound());
    }
    return pause.compareTo(deadline.left()) < 0 ? Optional.of(pause) : Optional.empty();
  }

  private Duration bound() {
    Duration bound = settings.backoff();
    for (int i = 1; i < failed && bound.compareTo(settings.longestBackoff()) < 0; i++) {
      bound = bound.multipliedBy(2);
    }
    return bound.compareTo(settings.longestBackoff()) < 0 ? bound : settings.longestBackoff();
  }

  private Duration upTo(Duration most) {
    return Duration.ofNanos(random.nextLong(most.toNanos() + 1));
  }
}
