package dev.imgcompat.service.lists;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether a newer revision is held back.
 *
 * @param held why, in one line; absent if none is
 * @param since when
 */
public record ListGuard(Optional<String> held, Optional<Instant> since) {
  /** Nothing is held back. */
  public static final ListGuard OPEN = new ListGuard(Optional.empty(), Optional.empty());
}
