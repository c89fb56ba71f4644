package dev.imgcompat.core.rules;

import dev.imgcompat.core.rootfs.Versions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an image is judged for: a runtime, and perhaps its version. Immutable.
 *
 * @param profile of the runtime
 * @param version as it was asked for
 */
public record Target(RuntimeProfile profile, Optional<String> version) {
  private static final int MAX_VERSION = 64;

  /** The name as in the report: {@code kata} or {@code kata:3.19}. */
  public String name() {
    return profile.id() + version.map(v -> ":" + v).orElse("");
  }

  /**
   * The lowest guest kernel, such as {@code 5.4}, of the version that was asked for or else is
   * assumed; absent where the profile does not tell.
   */
  public Optional<String> kernel() {
    Optional<String> effective = version.or(profile::assume);
    return profile.kernels().stream()
        .filter(k -> k.contains(effective.orElse("0")))
        .findFirst()
        .flatMap(k -> k.version().or(() -> effective));
  }

  /** Whether a version of Linux is newer than the guest kernel; false where that is not known. */
  boolean isAboveKernel(String version) {
    return kernel().filter(guest -> Versions.isBelow(guest, version)).isPresent();
  }

  /** What this target offers of each capability, required ones first. */
  public List<Offer> offers() {
    return Capabilities.ALL.stream().map(name -> Offer.of(this, name)).toList();
  }

  /** What this target offers of a capability; an optional one that is not named is there. */
  Span span(String capability) {
    String asked = version.or(profile::assume).orElse("0");
    return profile.spans(capability).stream()
        .filter(s -> s.contains(asked))
        .findFirst()
        .or(
            () ->
                Capabilities.OPTIONAL.contains(capability)
                    ? Optional.of(Span.everywhere(Optional.empty()))
                    : Optional.empty())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the profile of " + profile.id() + " lacks " + capability + " for " + asked));
  }

  /**
   * Returns the target that {@code runtime[:version]} names.
   *
   * @throws IllegalArgumentException if there is no such runtime, or no such version of it
   */
  static Target named(String name, Map<String, RuntimeProfile> runtimes) {
    int colon = name.indexOf(':');
    String id = colon < 0 ? name : name.substring(0, colon);
    Optional<String> version =
        colon < 0 ? Optional.empty() : Optional.of(name.substring(colon + 1));
    RuntimeProfile profile = runtimes.get(id);
    if (profile == null) {
      throw new IllegalArgumentException(
          "no runtime '" + id + "'; known are " + String.join(", ", runtimes.keySet()));
    }
    if (version.isPresent()
        && (version.get().length() > MAX_VERSION
            || !version.get().matches("\\d+(\\.\\d+)*")
            || !profile.covers(version.get()))) {
      throw new IllegalArgumentException(
          "the profile of "
              + id
              + " does not cover version '"
              + version.get()
              + "'; it covers "
              + profile.versions());
    }
    return new Target(profile, version);
  }
}
