package dev.imgcompat.core.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads manifests of Docker's schema 1, and refuses what docker refuses ({@code fixManifestLayers}
 * in its pull_v2.go).
 *
 * @see <a href="https://distribution.github.io/distribution/spec/deprecated-schema-v1/">Image
 *     manifest version 2, schema 1</a>
 */
final class Schema1Parser {
  private static final Pattern ID = Pattern.compile("[a-f0-9]{64}");
  private static final Set<String> LAYER_KEYS = Set.of("blobSum");
  private static final Set<String> HISTORY_KEYS = Set.of("v1Compatibility");
  private static final Set<String> IMAGE_KEYS = Set.of("id", "parent", "throwaway");

  private final String subject;

  private Schema1Parser(String subject) {
    this.subject = subject;
  }

  /**
   * An entry of the history with its layer.
   *
   * @param image what it was in the first version of the format: config and parent
   * @param id of that
   * @param parent empty where it has none
   */
  private record Entry(JsonNode image, String id, String parent, Digest layer) {}

  static ManifestDocument.Legacy parse(JsonNode root, String subject) throws ScanException {
    return new Schema1Parser(subject).parse(root);
  }

  private ManifestDocument.Legacy parse(JsonNode root) throws ScanException {
    List<Entry> entries = distinct(entries(root.path("fsLayers"), root.path("history")));
    List<Digest> layers = new ArrayList<>();
    for (Entry entry : entries) {
      if (!isThrowaway(entry.image())) {
        layers.add(entry.layer());
      }
    }
    Collections.reverse(layers);
    return new ManifestDocument.Legacy(
        ConfigParser.ofHistory(
            entries.get(0).image(), root.path("architecture").asString("unknown"), subject),
        layers);
  }

  /** Layers and history as they stand, the uppermost first. */
  private List<Entry> entries(JsonNode layers, JsonNode history) throws ScanException {
    if (!layers.isArray() || layers.isEmpty()) {
      throw damaged("it lists no layers");
    }
    if (!history.isArray() || history.size() != layers.size()) {
      throw damaged(layers.size() + " layers, but a history of " + history.size());
    }
    ManifestParser.requireAtMost(ManifestParser.MAX_LAYERS, layers, subject);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      JsonNode layer = layers.path(i);
      StrictJson.requireExactKeys(layer, LAYER_KEYS, subject + ": a layer");
      StrictJson.requireExactKeys(history.path(i), HISTORY_KEYS, subject + ": the history");
      JsonNode image = image(history.path(i).path("v1Compatibility"));
      String id = image.path("id").asString("");
      if (!ID.matcher(id).matches()) {
        throw damaged("an entry of its history has no id of 64 hexadecimal digits");
      }
      entries.add(
          new Entry(
              image,
              id,
              image.path("parent").asString(""),
              ManifestParser.digest(layer.path("blobSum"), subject)));
    }
    return entries;
  }

  private JsonNode image(JsonNode written) throws ScanException {
    String what = subject + ": the history of the manifest";
    if (!written.isString()) {
      throw new ScanException.Damaged(what + " has an entry without v1Compatibility", null);
    }
    JsonNode image = StrictJson.object(written.asString().getBytes(StandardCharsets.UTF_8), what);
    StrictJson.requireExactKeys(image, IMAGE_KEYS, what);
    return image;
  }

  /** Of entries in a row that have one id the lowest; all of them in one line of descent. */
  private List<Entry> distinct(List<Entry> entries) throws ScanException {
    if (!entries.get(entries.size() - 1).parent().isEmpty()) {
      throw damaged("its lowest layer has a parent");
    }
    List<Entry> distinct = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      boolean last = i + 1 == entries.size();
      if (!last && entry.id().equals(entries.get(i + 1).id())) {
        continue;
      }
      if (!ids.add(entry.id())) {
        throw damaged("the id " + entry.id() + " appears in two places of its history");
      }
      if (!last && !entry.parent().equals(entries.get(i + 1).id())) {
        throw damaged("the parent of " + entry.id() + " is not the next of its history");
      }
      distinct.add(entry);
    }
    return distinct;
  }

  private boolean isThrowaway(JsonNode image) throws ScanException {
    JsonNode throwaway = image.path("throwaway");
    if (StrictJson.has(image, "throwaway") && !throwaway.isBoolean()) {
      throw damaged("an entry of its history is neither throwaway nor not");
    }
    return throwaway.asBoolean(false);
  }

  private ScanException damaged(String why) {
    return new ScanException.Damaged(
        subject + ": the manifest, of Docker's schema 1, makes no sense: " + why, null);
  }
}
