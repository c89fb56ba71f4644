package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Place;
import dev.imgcompat.core.export.Placements.Placement;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.router.PatternNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where policies on pods send which images, as the data of ConfigMaps.
 *
 * <p>A key is the last part of a repository, {@code centos}, which every spelling of its images
 * ends with before tag and digest: so a policy compiles the patterns of that name only, and not
 * those of the whole list. The value has a line for each pattern: where its images go ({@code
 * excluded} or a runtime class), why, and the pattern; none of them has a space. A key that begins
 * with {@code _} is a runtime class, and its value the kernel parameters.
 *
 * @param parts the data of each ConfigMap; one, unless that were too large
 */
record PolicyImages(List<SortedMap<String, String>> parts) {
  /** Where the ConfigMaps are. */
  static final String NAMESPACE = "imgcompat";

  /** A label of ConfigMaps that belong together: how many they are. */
  static final String PARTS = "imgcompat.dev/parts";

  private static final String NAME = "imgcompat-images";
  private static final String CLASS = "_";

  /** Kubernetes takes 1 MiB for all values of a ConfigMap. */
  private static final int MAX_PART = 900_000;

  private static final int MAX_PARTS = 256;

  /** Names in a pattern at most, so that those of one repository can be in several ConfigMaps. */
  private static final int MAX_NAMES = 1000;

  /**
   * Characters of the patterns under one key with which the API server still has room for their
   * cost: a million for one expression, and a pattern costs a quarter of its length for every ten
   * characters of an image's name (k8s.io/apiserver: pkg/apis/cel/config.go; cel-go: matches).
   */
  private static final int MAX_KEY = 100_000;

  /** Lines with something in common. */
  private record Group(String key, String place, String reasons) implements Comparable<Group> {
    private static final Comparator<Group> ORDER =
        Comparator.comparing(Group::key).thenComparing(Group::place).thenComparing(Group::reasons);

    @Override
    public int compareTo(Group other) {
      return ORDER.compare(this, other);
    }
  }

  /** Returns the data, split where it has to be; the same for the same images. */
  static PolicyImages of(ExportInput input) throws ExportException {
    GuestSetup guests = input.options().guests();
    SortedMap<Group, SortedSet<ImageName>> groups = new TreeMap<>();
    for (Map.Entry<ImageName, Placement> entry : input.threeWay().all().entrySet()) {
      Placement placement = entry.getValue();
      if (placement.place() != Place.RUNS) {
        String place = placement.parameters().map(guests::classFor).orElse(Listing.EXCLUDED);
        Group group =
            new Group(key(entry.getKey()), place, reasons(placement.reasons(input.options())));
        groups.computeIfAbsent(group, k -> new TreeSet<>()).add(entry.getKey());
      }
    }
    SortedMap<String, List<String>> excluded = new TreeMap<>();
    SortedMap<String, List<String>> wanting = new TreeMap<>();
    for (Map.Entry<Group, SortedSet<ImageName>> entry : groups.entrySet()) {
      Group group = entry.getKey();
      List<String> lines =
          (group.place().equals(Listing.EXCLUDED) ? excluded : wanting)
              .computeIfAbsent(group.key(), k -> new ArrayList<>());
      for (String pattern : patterns(entry.getValue(), input)) {
        lines.add(group.place() + " " + group.reasons() + " " + pattern);
      }
    }
    SortedMap<String, String> classes = new TreeMap<>();
    input
        .threeWay()
        .sets()
        .keySet()
        .forEach(s -> classes.put(CLASS + guests.classFor(s), s.text()));
    return split(excluded, wanting, classes);
  }

  private static List<String> patterns(SortedSet<ImageName> names, ExportInput input) {
    List<String> patterns = new ArrayList<>();
    List<ImageName> all = List.copyOf(names);
    for (int from = 0; from < all.size(); from += MAX_NAMES) {
      patterns.addAll(
          input.patterns().anchored(all.subList(from, Math.min(all.size(), from + MAX_NAMES))));
    }
    return patterns;
  }

  /**
   * What needs parameters stays together if it can, since the API server looks at one ConfigMap
   * after the other, and does not see that a pod needs what is in two of them.
   */
  private static PolicyImages split(
      SortedMap<String, List<String>> excluded,
      SortedMap<String, List<String>> wanting,
      SortedMap<String, String> classes)
      throws ExportException {
    for (int count = 1; count <= MAX_PARTS; count *= 2) {
      for (boolean together : new boolean[] {true, false}) {
        List<SortedMap<String, List<String>>> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          parts.add(new TreeMap<>());
        }
        distribute(excluded, parts, false);
        distribute(wanting, parts, together);
        List<SortedMap<String, String>> data = new ArrayList<>();
        parts.forEach(p -> data.add(joined(p)));
        data.get(0).putAll(classes);
        if (data.stream().allMatch(d -> size(d) <= MAX_PART)) {
          return new PolicyImages(List.copyOf(data));
        }
      }
    }
    throw new ExportException(
        "the list does not fit into " + MAX_PARTS + " ConfigMaps of Kubernetes");
  }

  private static void distribute(
      SortedMap<String, List<String>> lines,
      List<SortedMap<String, List<String>>> parts,
      boolean together) {
    lines.forEach(
        (key, ofKey) -> {
          for (int i = 0; i < ofKey.size(); i++) {
            // By a hash that Java's specification fixes: a new image moves no other one.
            int part = together ? 0 : Math.floorMod(key.hashCode() + i, parts.size());
            parts.get(part).computeIfAbsent(key, k -> new ArrayList<>()).add(ofKey.get(i));
          }
        });
  }

  private static SortedMap<String, String> joined(SortedMap<String, List<String>> lines) {
    SortedMap<String, String> data = new TreeMap<>();
    lines.forEach((key, ofKey) -> data.put(key, String.join("\n", ofKey)));
    return data;
  }

  private static long size(SortedMap<String, String> data) {
    return data.entrySet().stream()
        .mapToLong(e -> e.getKey().length() + e.getValue().length())
        .sum();
  }

  /** The last part of the repository; a legal key of a ConfigMap as it is. */
  private static String key(ImageName name) {
    return name.repository().substring(name.repository().lastIndexOf('/') + 1);
  }

  /** Reports can be anybody's: what they say must not make another line, nor another word. */
  private static String reasons(List<String> rules) {
    String reasons = String.join(",", rules).replaceAll("[^A-Za-z0-9,._-]", "-");
    return reasons.isEmpty() ? "-" : reasons;
  }

  /** Names of the ConfigMaps; others where there are more or fewer, so that none is half new. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= parts.size(); i++) {
      names.add(NAME + "-" + i + "-of-" + parts.size());
    }
    return names;
  }

  /** The manifests: a namespace, and the ConfigMaps in it. */
  List<ObjectNode> manifests() {
    List<ObjectNode> manifests = new ArrayList<>();
    ObjectNode namespace = YamlText.mapping();
    namespace.put("apiVersion", "v1");
    namespace.put("kind", "Namespace");
    namespace.putObject("metadata").put("name", NAMESPACE);
    manifests.add(namespace);
    for (int i = 0; i < parts.size(); i++) {
      ObjectNode map = YamlText.mapping();
      map.put("apiVersion", "v1");
      map.put("kind", "ConfigMap");
      ObjectNode metadata = map.putObject("metadata");
      metadata.put("name", names().get(i));
      metadata.put("namespace", NAMESPACE);
      metadata.putObject("labels").put(PARTS, String.valueOf(parts.size()));
      ObjectNode data = map.putObject("data");
      parts.get(i).forEach(data::put);
      manifests.add(map);
    }
    return manifests;
  }

  /** Keys with so many patterns that the API server may find them too dear. */
  List<String> dear() {
    SortedMap<String, Integer> lengths = new TreeMap<>();
    parts.forEach(p -> p.forEach((key, lines) -> lengths.merge(key, lines.length(), Integer::sum)));
    return lengths.entrySet().stream()
        .filter(e -> e.getValue() > MAX_KEY)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Reads what the ConfigMaps of a file send where.
   *
   * @throws ExportException if the file has none
   */
  static Listing read(String text) throws ExportException {
    List<JsonNode> data =
        PatternLists.documents(text).stream()
            .filter(d -> d.path("kind").asString("").equals("ConfigMap"))
            .map(d -> d.path("data"))
            .toList();
    if (data.isEmpty()) {
      throw new ExportException("the old file has no ConfigMap with images");
    }
    SortedMap<String, String> parameters = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    for (JsonNode ofOne : data) {
      ofOne.forEachEntry(
          (key, value) -> {
            if (key.startsWith(CLASS)) {
              parameters.put(key.substring(CLASS.length()), value.asString(""));
            } else {
              value.asString("").lines().forEach(lines::add);
            }
          });
    }
    SortedMap<ImageName, String> places = new TreeMap<>();
    SortedMap<String, String> foreign = new TreeMap<>();
    for (String line : lines) {
      String place = line.substring(0, Math.max(0, line.indexOf(' ')));
      String pattern = line.substring(line.lastIndexOf(' ') + 1);
      String where = parameters.getOrDefault(place, place);
      PatternNames.of(pattern)
          .ifPresentOrElse(
              names -> names.forEach(n -> places.put(n, where)), () -> foreign.put(line, where));
    }
    return new Listing(places, foreign);
  }
}
