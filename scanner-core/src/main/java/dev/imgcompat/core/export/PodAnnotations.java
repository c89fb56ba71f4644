package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.router.PatternNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The annotations that a router should give the pods of which images, as YAML: one entry for each
 * set of kernel parameters. The patterns are of ECMAScript, RE2 and Java alike.
 */
final class PodAnnotations implements ListForm {
  private static final String SETS = "sets";
  private static final String KERNEL_PARAMS = "kernelParams";
  private static final String PATTERNS = "patterns";

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    input.requireVersion("pod-annotations");
    SortedMap<ParameterSet, TreeSet<String>> images = input.imagesBySet();
    ObjectNode root = YamlText.mapping();
    ArrayNode sets = root.putArray(SETS);
    for (Map.Entry<ParameterSet, SortedSet<ImageName>> set : input.threeWay().sets().entrySet()) {
      List<String> patterns = input.patterns().anchored(set.getValue());
      PatternLists.requireValid(patterns);
      ObjectNode entry = sets.addObject();
      entry.put("name", set.getKey().name());
      ArrayNode parameters = entry.putArray(KERNEL_PARAMS);
      set.getKey().kernelParams().forEach(parameters::add);
      ObjectNode annotations = entry.putObject("annotations");
      new TreeMap<>(KataAnnotation.of(set.getKey())).forEach(annotations::put);
      ArrayNode references = entry.putArray("images");
      images
          .getOrDefault(set.getKey(), new TreeSet<>())
          .forEach(i -> references.add(Printable.of(i)));
      ArrayNode texts = entry.putArray(PATTERNS);
      patterns.forEach(texts::add);
    }
    return List.of(
        new ExportedFile(
            "pod-annotations.yaml",
            Preamble.comments("annotations of pods", input, traps(input)) + YamlText.of(root)));
  }

  private static List<String> traps(ExportInput input) {
    List<String> traps = new ArrayList<>(Traps.ofPlaces(input));
    if (input.hasParameters()) {
      traps.add(
          "the containers of a pod share one guest: it needs the parameters of all their images, in"
              + " one annotation");
      traps.add(
          "Kata's Go runtime adds what the annotation says to the kernel_params of its configuration; its"
              + " Rust runtime may take it in their place: repeat what your guests need");
      traps.addAll(Traps.ofAnnotation());
      traps.addAll(Traps.ofVersions(input));
    }
    return traps;
  }

  @Override
  public Listing read(String text, ExportOptions options) throws ExportException {
    JsonNode document = PatternLists.yaml(text);
    if (!document.path(SETS).isArray()) {
      throw new ExportException("the old file has no sets of kernel parameters");
    }
    SortedMap<ImageName, String> places = new TreeMap<>();
    SortedMap<String, String> foreign = new TreeMap<>();
    for (JsonNode set : document.path(SETS).values()) {
      String parameters =
          String.join(
              " ", PatternLists.texts(set.path(KERNEL_PARAMS), KERNEL_PARAMS + " of the old file"));
      for (String pattern : PatternLists.texts(set.path(PATTERNS), PATTERNS + " of the old file")) {
        PatternNames.of(pattern)
            .ifPresentOrElse(
                names -> names.forEach(n -> places.put(n, parameters)),
                () -> foreign.put(pattern, parameters));
      }
    }
    return new Listing(places, foreign);
  }
}
