package dev.imgcompat.core.sweep.plan;

import dev.imgcompat.core.registry.RegistrySettings.Rate;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much to ask of one registry. Where its own settings say less, they hold.
 *
 * @param concurrency tags that are looked at, and connections that are used, at the same time
 * @param requests in how much time; as many as there are if absent
 * @param bytesPerSecond of layers, all together; as many as come if absent
 */
public record SweepPace(int concurrency, Optional<Rate> requests, OptionalLong bytesPerSecond) {
  /** Four at a time. */
  public static final SweepPace DEFAULT = new SweepPace(4, Optional.empty(), OptionalLong.empty());
}
