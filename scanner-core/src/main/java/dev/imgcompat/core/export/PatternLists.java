package dev.imgcompat.core.export;

import dev.imgcompat.core.router.EcmaPattern;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.router.InvalidPatternException;
import dev.imgcompat.core.router.PatternNames;
import dev.imgcompat.core.router.PatternTooLargeException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reading and checking lists of patterns. */
final class PatternLists {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A list of a whole registry is longer than the parser's usual limit. */
  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .loadSettings(LoadSettings.builder().setCodePointLimit(1 << 28).build())
                  .build())
          .build();

  private static final int MAX_QUOTED = 200;

  private PatternLists() {}

  /**
   * Requires that an ECMAScript engine compiles every pattern: one that fails disables the list.
   */
  static void requireValid(Collection<String> patterns) throws ExportException {
    for (String pattern : patterns) {
      try {
        EcmaPattern.compile(pattern);
      } catch (PatternTooLargeException e) {
        // Node takes much more. What is read back is in the small grammar that was written.
        if (PatternNames.of(pattern).or(() -> PatternNames.ofAllBut(pattern)).isEmpty()) {
          throw new ExportException("defect: a pattern of " + pattern.length() + " characters");
        }
      } catch (InvalidPatternException e) {
        throw new ExportException(
            "defect: the pattern " + pattern + " is invalid: " + e.getMessage());
      }
    }
  }

  static JsonNode json(String text) throws ExportException {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new ExportException("the old list is not JSON: " + reason(e));
    }
  }

  static JsonNode yaml(String text) throws ExportException {
    try {
      return YAML.readTree(text);
    } catch (JacksonException e) {
      throw new ExportException("the old list is not YAML: " + reason(e));
    }
  }

  private static String reason(JacksonException failure) {
    String first = String.valueOf(failure.getOriginalMessage()).lines().findFirst().orElse("");
    return failure.getLocation() == null
        ? first
        : first + ", in line " + Math.max(1, failure.getLocation().getLineNr());
  }

  /** The documents of a file that has several. */
  static List<JsonNode> documents(String text) throws ExportException {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
      return documents.readAll();
    } catch (JacksonException e) {
      throw new ExportException("the old list is not YAML: " + reason(e));
    }
  }

  /** The texts of an array; nothing where there is none. */
  static List<String> texts(JsonNode array, String what) throws ExportException {
    if (array.isMissingNode() || array.isNull()) {
      return List.of();
    }
    if (!array.isArray() || !array.valueStream().allMatch(JsonNode::isString)) {
      throw new ExportException(what + " is not an array of patterns");
    }
    return array.valueStream().map(JsonNode::asString).toList();
  }

  /** The patterns of a listing that are not written as this program writes them. */
  static List<String> foreign(Listing listing) {
    return listing.foreign().keySet().stream()
        .map(p -> "the pattern " + PlainWords.shortened(p, MAX_QUOTED))
        .toList();
  }

  /** Returns a listing of patterns of what is excluded, and of names that go with parameters. */
  static Listing listing(
      List<String> excluded, Collection<? extends Map.Entry<ImageName, String>> withParameters) {
    SortedMap<ImageName, String> places = new TreeMap<>();
    SortedMap<String, String> foreign = new TreeMap<>();
    for (String pattern : excluded) {
      Optional<SortedSet<ImageName>> names = PatternNames.of(pattern);
      names.ifPresentOrElse(
          n -> n.forEach(name -> places.put(name, Listing.EXCLUDED)),
          () -> foreign.put(pattern, Listing.EXCLUDED));
    }
    withParameters.forEach(e -> places.put(e.getKey(), e.getValue()));
    return new Listing(places, foreign);
  }
}
