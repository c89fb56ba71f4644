package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.RuleDescription;
import dev.imgcompat.core.rules.RulePack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules that the results of a log refer to, by id and by index. A rule that the built-in pack
 * lacks, since somebody added it or it is no longer there, is told of by what was found.
 */
final class SarifRules {
  /** The rule of images that could not be scanned. */
  static final String NOT_SCANNED = "not-scanned";

  /** GitHub shows no more of a description. */
  private static final int MAX_DESCRIPTION = 1024;

  private final Map<String, RuleDescription> known =
      RulePack.builtIn().descriptions().stream()
          .collect(Collectors.toMap(RuleDescription::id, Function.identity()));
  private final SortedMap<String, SarifResult> first = new TreeMap<>();
  private final Map<String, Integer> indexes = new HashMap<>();

  SarifRules(List<SarifResult> results) {
    results.forEach(r -> first.putIfAbsent(r.rule(), r));
    first.keySet().forEach(id -> indexes.put(id, indexes.size()));
  }

  int indexOf(String rule) {
    return indexes.getOrDefault(rule, -1);
  }

  void writeTo(ArrayNode rules) {
    for (Map.Entry<String, SarifResult> entry : first.entrySet()) {
      ObjectNode rule = rules.addObject();
      rule.put("id", Printable.of(entry.getKey()));
      RuleDescription description = known.get(entry.getKey());
      if (entry.getKey().equals(NOT_SCANNED)) {
        describe(rule, "An image could not be scanned", "", List.of(), "error");
        text(
            rule,
            "help",
            "Nobody knows whether the image runs. The message tells whose move it is.");
      } else if (description != null) {
        describe(rule, description);
      } else {
        SarifResult result = entry.getValue();
        describe(rule, result.summary(), "", result.references(), result.level());
        text(rule, "help", String.join("\n", result.references()));
      }
    }
  }

  private static void describe(ObjectNode rule, RuleDescription description) {
    String explanation = description.explanation().strip().replaceAll("\\s+", " ");
    String name = description.id().replace('-', ' ');
    String title =
        description.capability().map(c -> name + ": needs " + c).orElse(name + " in an image");
    describe(
        rule,
        title,
        explanation,
        description.references(),
        switch (description.effect()) {
          case DECIDES -> "error";
          case ADVICE -> "warning";
          case SUPPORTS, INFORMS -> "note";
        });
    List<String> help = new ArrayList<>(List.of(explanation.isEmpty() ? title : explanation));
    description.remedy().ifPresent(r -> help.add("What helps: " + r));
    description.references().forEach(r -> help.add("See " + r));
    text(rule, "help", String.join("\n\n", help));
    if (description.effect() == Effect.ADVICE) {
      rule.withObject("properties").withArray("tags").add("advice");
    }
  }

  private static void describe(
      ObjectNode rule, String title, String explanation, List<String> references, String level) {
    text(rule, "shortDescription", PlainWords.shortened(title, MAX_DESCRIPTION));
    text(
        rule,
        "fullDescription",
        PlainWords.shortened(explanation.isEmpty() ? title : explanation, MAX_DESCRIPTION));
    references.stream()
        .map(Reference::parse)
        .flatMap(r -> r.url().stream())
        .findFirst()
        .ifPresent(url -> rule.put("helpUri", url));
    rule.putObject("defaultConfiguration").put("level", level);
    rule.withObject("properties").withArray("tags").add("compatibility");
  }

  private static void text(ObjectNode rule, String name, String text) {
    rule.putObject(name).put("text", SarifResult.lines(text));
  }
}
