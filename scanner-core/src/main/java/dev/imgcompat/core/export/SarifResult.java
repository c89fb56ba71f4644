package dev.imgcompat.core.export;

import dev.imgcompat.core.export.GateImage.Outcome;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is said of an image in a log: one of its findings, or that it was not scanned.
 *
 * @param image of which it is said
 * @param finding absent where the image was not scanned
 * @param level {@code error}, {@code warning} or {@code note}
 */
record SarifResult(GateImage image, Optional<Finding> finding, String level) {
  /** Messages are for people; what is longer is in the report. */
  private static final int MAX_DETAIL = 500;

  private static final int EVIDENCE_IN_MESSAGE = 3;

  /** Everything that is said of an image. */
  static List<SarifResult> of(GateImage image, ExportOptions options) {
    List<SarifResult> results = new ArrayList<>();
    if (image.outcome() == Outcome.UNKNOWN) {
      String level = options.excludeUnknown() ? "error" : "warning";
      results.add(new SarifResult(image, Optional.empty(), level));
    }
    for (Finding finding : image.verdict().findings()) {
      results.add(new SarifResult(image, Optional.of(finding), level(image, finding)));
    }
    return results;
  }

  private static String level(GateImage image, Finding finding) {
    if (finding.decides() && image.decision() == Decision.EXCLUDED) {
      return "error";
    }
    boolean given = finding.decides() && image.outcome() == Outcome.ADVISED;
    return (finding.decides() && !given) || finding.effect() == Effect.ADVICE ? "warning" : "note";
  }

  String rule() {
    return finding.map(Finding::rule).orElse(SarifRules.NOT_SCANNED);
  }

  String summary() {
    return finding
        .map(f -> Printable.of(f.summary()))
        .orElseGet(() -> String.join("; ", image.reasons()));
  }

  List<String> references() {
    return finding.map(Finding::references).orElse(List.of());
  }

  /** What stays the same when the image is scanned, or built, anew. */
  String fingerprint() {
    String identity =
        String.join("\n", image.image().canonical(), image.image().platform().orElse(""), rule());
    return Digest.ofText(identity).hex().substring(0, 32);
  }

  /** Writes the result; {@code occurrence} counts from 1 among those of one fingerprint. */
  void writeTo(ObjectNode result, int ruleIndex, int occurrence) {
    result.put("ruleId", Printable.of(rule()));
    result.put("ruleIndex", ruleIndex);
    result.put("level", level);
    result.putObject("message").put("text", message());
    List<Evidence> evidence = finding.map(Finding::evidence).orElse(List.of());
    ObjectNode location = result.putArray("locations").addObject();
    locate(location, evidence.isEmpty() ? "" : evidence.get(0).path());
    ObjectNode logical = location.putArray("logicalLocations").addObject();
    logical.put("name", Printable.of(image.image().reference()));
    logical.put("fullyQualifiedName", Printable.of(image.image().canonical()));
    logical.put("kind", "image");
    if (evidence.size() > 1) {
      ArrayNode related = result.putArray("relatedLocations");
      for (Evidence other : evidence.subList(1, evidence.size())) {
        ObjectNode node = related.addObject();
        node.put("id", related.size());
        locate(node, other.path());
        node.putObject("message").put("text", text(told(other)));
      }
    }
    ObjectNode fingerprints = result.putObject("partialFingerprints");
    // The only one that GitHub looks at; its action would compute it from sources, and has none.
    fingerprints.put("primaryLocationLineHash", fingerprint() + ":" + occurrence);
    ObjectNode properties = result.putObject("properties");
    properties.put("image", Printable.of(image.image().canonical()));
    image.image().digest().map(Digest::value).ifPresent(d -> properties.put("digest", d));
    image.image().platform().map(Printable::of).ifPresent(p -> properties.put("platform", p));
    properties.put("decision", image.decision().name());
    finding.ifPresent(
        f -> {
          properties.put("scope", f.scope().name());
          properties.put("decides", f.decides());
        });
  }

  private void locate(ObjectNode location, String path) {
    ObjectNode physical = location.putObject("physicalLocation");
    physical.putObject("artifactLocation").put("uri", ImageUri.of(image.image().canonical(), path));
    // GitHub demands a line, and a program has none.
    physical.putObject("region").put("startLine", 1);
  }

  /** GitHub shows the first sentence where there is little room. */
  String message() {
    List<String> sentences = new ArrayList<>();
    boolean decides = finding.isEmpty() || finding.get().decides();
    sentences.add(image.title() + (decides ? " " + image.headline() : "") + ": " + summary());
    List<String> remedies = new ArrayList<>();
    finding.ifPresentOrElse(
        f -> {
          List<String> found =
              f.evidence().stream()
                  .limit(EVIDENCE_IN_MESSAGE)
                  .map(SarifResult::told)
                  .collect(Collectors.toCollection(ArrayList::new));
          found.addAll(PlainWords.more(f, found.size()));
          sentences.add("Found: " + String.join("; ", found));
          f.remedies().stream().map(PlainWords::remedy).forEach(remedies::add);
        },
        () -> remedies.addAll(image.remedies()));
    if (!remedies.isEmpty()) {
      sentences.add("What helps: " + String.join("; ", remedies));
    }
    return text(String.join(".\n", sentences) + ".");
  }

  private static String told(Evidence evidence) {
    return PlainWords.shortened(PlainWords.evidence(evidence), MAX_DETAIL);
  }

  /** Several lines made safe, one by one. */
  static String lines(String text) {
    return text.lines().map(Printable::of).map(SarifResult::text).collect(Collectors.joining("\n"));
  }

  /** A text in which no link can be: SARIF has links in brackets (2.1.0, section 3.11.6). */
  static String text(String text) {
    return text.indexOf('[') < 0
        ? text
        : text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]");
  }
}
