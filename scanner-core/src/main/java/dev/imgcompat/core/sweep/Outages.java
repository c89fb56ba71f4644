package dev.imgcompat.core.sweep;

import dev.imgcompat.core.verdict.Report.ScanError;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Watches one registry for outages: after many failures it is left alone for a while, then tried
 * with a few tags; after several such times it is given up. Safe for use by several threads.
 */
final class Outages {
  /** What the failure of a registry is called, as against those of images. */
  private static final String KIND = "registry-unavailable";

  private static final int LOOKED_AT = 20;
  private static final int AT_LEAST = 8;
  private static final float PERCENT = 50;
  private static final int PROBES = 2;

  /** While others try whether it is back. */
  private static final Duration SOON = Duration.ofMillis(250);

  private final String registry;
  private final Patience patience;
  private final Clock clock;
  private final CircuitBreaker breaker;
  private int times;
  private Instant openUntil = Instant.EPOCH;

  /**
   * How patient to be.
   *
   * @param first how long a registry is left alone the first time; then twice as long, and so on
   * @param times how often until it is given up
   */
  record Patience(Duration first, int times) {
    /** Some eight minutes in all. */
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(30), 5);
  }

  Outages(String registry, Patience patience, Clock clock) {
    this.registry = registry;
    this.patience = patience;
    this.clock = clock;
    this.breaker =
        CircuitBreaker.of(
            registry,
            CircuitBreakerConfig.custom()
                .clock(clock)
                .slidingWindow(LOOKED_AT, AT_LEAST, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(PERCENT)
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .waitIntervalFunctionInOpenState(
                    IntervalFunction.ofExponentialBackoff(patience.first(), 2))
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(e -> entered(e.getStateTransition().getToState()));
  }

  private synchronized void entered(State state) {
    if (state == State.OPEN) {
      times++;
      openUntil =
          clock.instant().plus(patience.first().multipliedBy(1L << Math.min(10, times - 1)));
    } else if (state == State.CLOSED) {
      times = 0;
    }
  }

  /** Whether a tag may be looked at now; what comes of it is to be told. */
  boolean tryEnter() {
    return breaker.tryAcquirePermission();
  }

  /** Nothing came of it, for reasons of our own. */
  void leave() {
    breaker.releasePermission();
  }

  /** Tells what came of it. */
  void leave(Optional<ScanError> failure) {
    if (failure.filter(f -> f.kind().equals(KIND)).isPresent()) {
      breaker.onError(0, TimeUnit.MILLISECONDS, new IOException(failure.get().message()));
    } else {
      breaker.onSuccess(0, TimeUnit.MILLISECONDS);
    }
  }

  /** Whether it is left alone. */
  boolean isOpen() {
    return breaker.getState() == State.OPEN;
  }

  /** Whether nobody waits for it any more. */
  synchronized boolean isGivenUp() {
    return times >= patience.times();
  }

  /** When to ask again whether a tag may be looked at. */
  synchronized Instant nextTry() {
    Instant soon = clock.instant().plus(SOON);
    return openUntil.isAfter(soon) ? openUntil : soon;
  }

  /** Why it is left alone, if it is. */
  Optional<String> note() {
    if (!isOpen()) {
      return Optional.empty();
    }
    return Optional.of(
        isGivenUp()
            ? "given up: it fails again and again"
            : "fails; left alone until " + nextTry().truncatedTo(ChronoUnit.SECONDS));
  }

  /** What is said of tags that were not asked for. */
  ScanError givenUp() {
    return new ScanError(
        KIND,
        "registry " + registry + " failed again and again: no more tags of it were asked for",
        "registry",
        true);
  }
}
