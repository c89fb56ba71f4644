package dev.imgcompat.core.sweep.state;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Something that a sweep found to be otherwise than the one before it. Times are whole
 * milliseconds.
 *
 * @param run number of the sweep
 * @param at when it was found
 * @param kind what has changed
 * @param digest that the tag names since
 * @param decisions since, by runtime: of several platforms the worst
 */
public record TagChange(
    long run, Instant at, Kind kind, Optional<Digest> digest, Map<String, Decision> decisions) {
  public TagChange {
    decisions = Map.copyOf(decisions);
  }

  /** What has changed. */
  public enum Kind {
    /** No sweep had seen the tag. */
    NEW,
    /** A decision is another. */
    DECISION,
    /** The tag names another image, with the same decisions. */
    MOVED,
    /** The registry has the tag no more. */
    GONE,
    /** It is there once more. */
    BACK
  }
}
