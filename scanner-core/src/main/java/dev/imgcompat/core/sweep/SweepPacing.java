package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.sweep.plan.SweepPace;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tags a sweep may look at at a time, for each registry: half as many after an answer of
 * 429, and one more after each minute without. To be told by the client that asks on behalf of the
 * sweep, and by no other. Safe for use by several threads.
 */
public final class SweepPacing implements RegistryListener {
  /** Requests that were under way together are answered together. */
  private static final Duration TOGETHER = Duration.ofSeconds(5);

  private static final Duration RECOVERY = Duration.ofMinutes(1);

  private final int most;
  private final RegistryListener also;
  private final Clock clock;
  private final Map<String, Slowed> slowed = new ConcurrentHashMap<>();

  /** How many at a time, since when. */
  private record Slowed(int most, long since) {}

  /**
   * Creates one.
   *
   * @param pace at which it begins, and which it never exceeds
   * @param also is told the same
   */
  public SweepPacing(SweepPace pace, RegistryListener also) {
    this(pace, also, Clock.systemUTC());
  }

  SweepPacing(SweepPace pace, RegistryListener also, Clock clock) {
    this.most = pace.concurrency();
    this.also = also;
    this.clock = clock;
  }

  /** How many tags may be looked at at a time. */
  int most(String registry) {
    Slowed now = slowed.get(registry);
    return now == null ? most : now(now);
  }

  private int now(Slowed was) {
    long recovered = Math.max(0, clock.millis() - was.since()) / RECOVERY.toMillis();
    return (int) Math.min(most, was.most() + recovered);
  }

  /** Why a registry is asked less than it might be, if it is. */
  Optional<String> note(String registry) {
    int now = most(registry);
    return now == most
        ? Optional.empty()
        : Optional.of(
            "slowed down to "
                + now
                + (now == 1 ? " tag" : " tags")
                + " at a time after status 429");
  }

  @Override
  public void limited(String registry) {
    slowed.compute(
        registry,
        (name, was) -> {
          long now = clock.millis();
          if (was != null && now - was.since() < TOGETHER.toMillis()) {
            return was;
          }
          return new Slowed(Math.max(1, (was == null ? most : now(was)) / 2), now);
        });
    also.limited(registry);
  }

  @Override
  public void waiting(String registry, String why, Duration pause) {
    also.waiting(registry, why, pause);
  }

  @Override
  public void warning(String what) {
    also.warning(what);
  }
}
