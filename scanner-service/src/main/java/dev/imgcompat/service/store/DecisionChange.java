package dev.imgcompat.service.store;

import dev.imgcompat.core.image.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * A decision on a reference that was another before, or on another image.
 *
 * @param at when it was found, in whole milliseconds
 * @param decision the name of a decision, or {@link #GONE}
 * @param digest of the image
 */
public record DecisionChange(Instant at, String decision, Optional<Digest> digest) {
  /** The registry has it no more. */
  public static final String GONE = "GONE";
}
