package dev.imgcompat.core.rules;

import java.util.Optional;

/**
 * What an image is judged for: a runtime, and perhaps its version.
 *
 * @param profile of the runtime
 * @param version as it was asked for
 */
public record Target(RuntimeProfile profile, Optional<String> version) {
  /** The name as in the report: {@code kata} or {@code kata:3.19}. */
  public String name() {
    return profile.id() + version.map(v -> ":" + v).orElse("");
  }

  /** What this target offers of a capability. */
  Span span(String capability) {
    String asked = version.or(profile::assume).orElse("0");
    return profile.spans(capability).stream()
        .filter(s -> s.contains(asked))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the profile of " + profile.id() + " lacks " + capability + " for " + asked));
  }
}
