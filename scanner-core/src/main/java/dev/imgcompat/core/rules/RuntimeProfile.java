package dev.imgcompat.core.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the guest kernels of a runtime offer, version by version. Immutable.
 *
 * @param id such as {@code kata}
 * @param title for people
 * @param assume the version whose behaviour a request without a version gets
 * @param kernelCommandLine parameters that the guests have already
 * @param capabilities by name, the spans of versions ascending
 * @param references where to check the claims
 */
public record RuntimeProfile(
    String id,
    String title,
    Optional<String> assume,
    List<String> kernelCommandLine,
    Map<String, List<Span>> capabilities,
    List<String> references) {
  /** The spans of a capability. */
  List<Span> spans(String capability) {
    return capabilities.getOrDefault(capability, List.of());
  }

  /** Whether the profile says anything of a version. */
  boolean covers(String version) {
    return capabilities.values().stream()
        .allMatch(spans -> spans.stream().anyMatch(s -> s.contains(version)));
  }

  /** The versions that the profile covers, for people. */
  String versions() {
    return capabilities.values().stream()
        .findFirst()
        .map(spans -> joined(spans.get(0), spans.get(spans.size() - 1)))
        .orElse("none");
  }

  /** The label of the run of spans around one that have the same outcome. */
  String holdsFor(String capability, Span span) {
    List<Span> spans = spans(capability);
    int first = spans.indexOf(span);
    int last = first;
    while (first > 0 && spans.get(first - 1).sameOutcome(span)) {
      first--;
    }
    while (last + 1 < spans.size() && spans.get(last + 1).sameOutcome(span)) {
      last++;
    }
    return id + " " + joined(spans.get(first), spans.get(last));
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
