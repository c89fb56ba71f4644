package dev.imgcompat.core.rules;

import java.util.List;
import java.util.Optional;

/**
 * What a target offers of one capability.
 *
 * @param capability its name, such as {@code vsyscall}
 * @param available whether guests have it as they are
 * @param stated whether the profile says so; what it does not name is taken as available
 * @param kernelParams what switches it on; empty where it is available or no parameter helps
 * @param why it is so, where that needs saying
 * @param remedies what helps where it is not available, each with the versions it holds for
 * @param elsewhere one line for each run of other versions that differ
 */
public record Offer(
    String capability,
    boolean available,
    boolean stated,
    List<String> kernelParams,
    Optional<String> why,
    List<Remedy> remedies,
    List<String> elsewhere) {
  public Offer {
    kernelParams = List.copyOf(kernelParams);
    remedies = List.copyOf(remedies);
    elsewhere = List.copyOf(elsewhere);
  }

  static Offer of(Target target, String capability) {
    RuntimeProfile profile = target.profile();
    Span span = target.span(capability);
    return new Offer(
        capability,
        span.available(),
        profile.spans(capability).contains(span),
        span.kernelParams(),
        span.why(),
        span.available() ? List.of() : profile.remedies(capability, span),
        profile.others(capability, span).stream()
            .map(other -> profile.holdsFor(capability, other) + ": " + outcome(other))
            .toList());
  }

  private static String outcome(Span span) {
    String outcome =
        span.available()
            ? "available"
            : span.kernelParams().isEmpty()
                ? "not available"
                : "needs " + String.join(" ", span.kernelParams());
    return outcome + span.why().map(why -> " (" + why + ")").orElse("");
  }
}
