package dev.imgcompat.core.export;

import dev.imgcompat.core.export.GateImage.Outcome;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.ReportFormat;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Findings as SARIF 2.1.0, the OASIS standard, for code scanning of GitHub and its kin: a result
 * for every finding and for every image that could not be scanned, since a gate must not look green
 * where nobody looked.
 */
final class SarifLog implements Form {
  /** GitHub refuses runs with more, and shows the worst 5,000 of them. */
  static final int MAX_RESULTS = 25_000;

  private static final int SHOWN_BY_GITHUB = 5_000;

  /** Each is a result, too. */
  private static final int MAX_NOTIFICATIONS = 100;

  private static final List<String> LEVELS = List.of("error", "warning", "note");

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    List<GateImage> images = GateImage.of(input);
    List<SarifResult> all = new ArrayList<>();
    images.forEach(i -> all.addAll(SarifResult.of(i, input.options())));
    all.sort(Comparator.comparingInt(r -> LEVELS.indexOf(r.level())));
    List<SarifResult> results = all.subList(0, Math.min(all.size(), MAX_RESULTS));
    SarifRules rules = new SarifRules(results);

    ObjectNode log = JsonNodeFactory.instance.objectNode();
    log.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    log.put("version", "2.1.0");
    ObjectNode run = log.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "imgcompat");
    driver.put("version", Printable.of(String.join(" ", input.selection().versions())));
    rules.writeTo(driver.putArray("rules"));
    invocation(run.putArray("invocations").addObject(), input, images, all.size());
    results(run.putArray("results"), results, rules);
    ObjectNode properties = run.putObject("properties");
    Preamble.properties(input).forEach(properties::put);
    return List.of(new ExportedFile("imgcompat.sarif", ReportFormat.json(log)));
  }

  private static void results(ArrayNode array, List<SarifResult> results, SarifRules rules) {
    Map<String, Integer> occurrences = new HashMap<>();
    for (SarifResult result : results) {
      int occurrence = occurrences.merge(result.fingerprint(), 1, Integer::sum);
      result.writeTo(array.addObject(), rules.indexOf(result.rule()), occurrence);
    }
  }

  private static void invocation(
      ObjectNode invocation, ExportInput input, List<GateImage> images, int results) {
    List<GateImage> unknown = images.stream().filter(i -> i.outcome() == Outcome.UNKNOWN).toList();
    // GitHub may refuse the whole log of a run that did not succeed; what is unknown is a result.
    invocation.put("executionSuccessful", true);
    input
        .selection()
        .newestScan()
        .flatMap(SarifLog::time)
        .ifPresent(t -> invocation.put("endTimeUtc", t));
    ArrayNode notifications = invocation.putArray("toolExecutionNotifications");
    for (GateImage image : unknown.subList(0, Math.min(unknown.size(), MAX_NOTIFICATIONS))) {
      addNotification(
          notifications,
          image.image().error().map(e -> Printable.of(e.kind())).orElse("incomplete"),
          "error",
          new SarifResult(image, Optional.empty(), "error").message());
    }
    if (unknown.size() > MAX_NOTIFICATIONS) {
      addNotification(
          notifications,
          "not-scanned",
          "error",
          unknown.size() - MAX_NOTIFICATIONS + " more images were not scanned, or not whole.");
    }
    if (results > SHOWN_BY_GITHUB) {
      addNotification(
          notifications,
          "many-results",
          "warning",
          results
              + " results: GitHub shows the worst "
              + SHOWN_BY_GITHUB
              + (results > MAX_RESULTS
                  ? ", and takes "
                      + MAX_RESULTS
                      + ", so that "
                      + (results - MAX_RESULTS)
                      + " are left out here, the least important ones."
                  : "."));
    }
  }

  private static void addNotification(
      ArrayNode notifications, String id, String level, String text) {
    ObjectNode notification = notifications.addObject();
    notification.putObject("descriptor").put("id", id);
    notification.put("level", level);
    notification.putObject("message").put("text", text);
  }

  private static Optional<String> time(String text) {
    try {
      return Optional.of(Instant.parse(text).toString());
    } catch (DateTimeParseException e) {
      return Optional.empty(); // of a report that somebody wrote by hand
    }
  }
}
