package dev.imgcompat.core.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the guest kernels of a runtime offer, version by version. Immutable.
 *
 * @param id such as {@code kata}
 * @param title for people
 * @param assume the version whose behaviour a request without a version gets
 * @param kernelCommandLine parameters that the guests have already
 * @param kernels the guest kernels, by version of the runtime; empty where nothing is known of them
 * @param capabilities by name, the spans of versions ascending
 * @param references where to check the claims
 */
public record RuntimeProfile(
    String id,
    String title,
    Optional<String> assume,
    List<String> kernelCommandLine,
    List<GuestKernel> kernels,
    Map<String, List<Span>> capabilities,
    List<String> references) {
  public RuntimeProfile {
    kernelCommandLine = List.copyOf(kernelCommandLine);
    kernels = List.copyOf(kernels);
    capabilities = Collections.unmodifiableMap(new LinkedHashMap<>(capabilities));
    references = List.copyOf(references);
  }

  /** The versions that the profile covers, for people; {@code all} where it knows no versions. */
  public String versions() {
    List<Span> spans = spans(Capabilities.REQUIRED.get(0));
    return spans.isEmpty() ? "none" : joined(spans.get(0), spans.get(spans.size() - 1));
  }

  /** The spans of a capability. */
  List<Span> spans(String capability) {
    return capabilities.getOrDefault(capability, List.of());
  }

  /** Whether the profile says something of a version. */
  boolean covers(String version) {
    return Capabilities.REQUIRED.stream()
        .allMatch(name -> spans(name).stream().anyMatch(s -> s.contains(version)));
  }

  /** What helps where some version lacks a capability, each remedy once. */
  public List<Remedy> remedies(String capability) {
    List<Remedy> all =
        spans(capability).stream()
            .filter(span -> !span.available())
            .flatMap(span -> remedies(capability, span).stream())
            .distinct()
            .toList();
    // Of two that are the same but for a word more on it, the one with the word.
    return all.stream()
        .filter(
            r ->
                r.text().isPresent()
                    || all.stream()
                        .noneMatch(
                            o ->
                                o.text().isPresent()
                                    && o.kernelParams().equals(r.kernelParams())
                                    && o.holdsFor().equals(r.holdsFor())))
        .toList();
  }

  /** What helps where a span lacks the capability: a parameter first, then anything else. */
  List<Remedy> remedies(String capability, Span span) {
    List<Remedy> remedies = new ArrayList<>();
    if (!span.kernelParams().isEmpty()) {
      remedies.add(
          new Remedy(span.kernelParams(), Optional.of(holdsFor(capability, span)), span.why()));
    }
    if (span.otherwise().isPresent()) {
      String versions = run(capability, span, s -> s.otherwise().equals(span.otherwise()));
      remedies.add(new Remedy(List.of(), Optional.of(versions), span.otherwise()));
    }
    return remedies;
  }

  /** The label of the run of spans around one that have the same outcome. */
  String holdsFor(String capability, Span span) {
    return run(capability, span, span::sameOutcome);
  }

  /** The name of this runtime, with the versions of the spans around one that are like it. */
  private String run(String capability, Span span, Predicate<Span> like) {
    List<Span> spans = spans(capability);
    int first = Math.max(0, spans.indexOf(span));
    int last = first;
    while (first > 0 && like.test(spans.get(first - 1))) {
      first--;
    }
    while (last + 1 < spans.size() && like.test(spans.get(last + 1))) {
      last++;
    }
    String versions = spans.isEmpty() ? Span.ALL : joined(spans.get(first), spans.get(last));
    return versions.equals(Span.ALL) ? id : id + " " + versions;
  }

  /** The spans whose outcome differs from that of one, runs of the same outcome as one. */
  List<Span> others(String capability, Span span) {
    List<Span> others = new ArrayList<>();
    for (Span other : spans(capability)) {
      boolean repeats = !others.isEmpty() && others.get(others.size() - 1).sameOutcome(other);
      if (!other.sameOutcome(span) && !repeats) {
        others.add(other);
      }
    }
    return others;
  }

  private static String joined(Span first, Span last) {
    if (first.equals(last)) {
      return first.label();
    }
    return first.label().split("–", -1)[0]
        + "–"
        + last.label().substring(last.label().indexOf('–') + 1);
  }
}
