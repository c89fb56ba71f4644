package dev.imgcompat.core;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.imgcompat.core.LayersUnderWay.Reading;
import dev.imgcompat.core.image.ScanException;
import java.time.Duration;
import java.util.Optional;

/**
 * Remembers for a while which layers of registries turned out to be broken, so that they are not
 * pulled again for each image that has them. Safe for use by several threads.
 */
final class BrokenLayers {
  private static final long MOST = 10_000;

  private final Cache<Reading, ScanException> failures;

  /**
   * Creates one.
   *
   * @param age for how long; zero is not at all
   */
  BrokenLayers(Duration age, Ticker ticker) {
    this.failures =
        Caffeine.newBuilder()
            .expireAfterWrite(age)
            .maximumSize(age.isZero() ? 0 : MOST)
            .ticker(ticker)
            .build();
  }

  /** Why a layer could not be read a while ago. */
  Optional<ScanException> failure(Reading reading) {
    return Optional.ofNullable(failures.getIfPresent(reading));
  }

  /** Remembers a failure, if it is one of the bytes that came: the same ones would come again. */
  void failed(Reading reading, ScanException failure) {
    if (failure instanceof ScanException.DigestMismatch
        || failure instanceof ScanException.Damaged
        || failure instanceof ScanException.LimitExceeded) {
      failures.put(reading, failure);
    }
  }
}
