package dev.imgcompat.core.rules;

import dev.imgcompat.core.rootfs.Versions;
import java.util.List;
import java.util.Optional;

/**
 * What some versions of a runtime offer.
 *
 * @param from first version, inclusive
 * @param below first version that no longer belongs
 * @param label the versions, for people
 * @param available whether the guest has the capability as it is
 * @param kernelParams what switches it on
 * @param why it is so, where that needs saying
 * @param otherwise what helps without a parameter
 */
record Span(
    Optional<String> from,
    Optional<String> below,
    String label,
    boolean available,
    List<String> kernelParams,
    Optional<String> why,
    Optional<String> otherwise) {
  /** The label of a span of all versions. */
  static final String ALL = "all";

  /** A span of all versions, which have a capability. */
  static Span everywhere(Optional<String> why) {
    return new Span(
        Optional.empty(), Optional.empty(), ALL, true, List.of(), why, Optional.empty());
  }

  /** A span of all versions, which lack a capability. */
  static Span never() {
    return new Span(
        Optional.empty(),
        Optional.empty(),
        ALL,
        false,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  boolean contains(String version) {
    return within(from, below, version);
  }

  static boolean within(Optional<String> from, Optional<String> below, String version) {
    return from.map(f -> !Versions.isBelow(version, f)).orElse(true)
        && below.map(b -> Versions.isBelow(version, b)).orElse(true);
  }

  boolean sameOutcome(Span other) {
    return available == other.available && kernelParams.equals(other.kernelParams);
  }
}
