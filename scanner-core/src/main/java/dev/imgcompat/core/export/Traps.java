package dev.imgcompat.core.export;

import dev.imgcompat.core.router.ImageName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/** What makes a list that is right do nothing, or too much; one line each. */
final class Traps {
  /** Of a rule pack there are two or three. */
  private static final int MAX_VERSIONS = 20;

  private static final int MAX_LENGTH = 500;

  private Traps() {}

  /** What of the reports is in no export at all. */
  static List<String> ofSelection(ExportInput input) {
    int leftOut = input.selection().leftOut();
    return leftOut == 0
        ? List.of()
        : List.of(
            leftOut
                + (leftOut == 1 ? " reference has" : " references have")
                + " no image for the platform that is asked for: nothing is said of "
                + (leftOut == 1 ? "it" : "them"));
  }

  /** What follows from the images: names that lists of names cannot hold, or not tell apart. */
  static List<String> ofInput(ExportInput input) {
    List<String> traps = new ArrayList<>(ofPlaces(input));
    for (SortedSet<ImageName> same : input.threeWay().sameToRouter()) {
      traps.add(
          same.first()
              + " and "
              + same.last()
              + " are one to Screwdriver's router, which does not tell capitals from small letters");
    }
    return traps;
  }

  /** What follows from where the images are: names that no list of names can hold. */
  static List<String> ofPlaces(ExportInput input) {
    List<String> traps = new ArrayList<>();
    int elsewhere = input.twoWay().elsewhere().size();
    if (elsewhere > 0) {
      traps.add(
          elsewhere
              + (elsewhere == 1 ? " image is" : " images are")
              + " in no registry and not in the list: a router knows images by their names in"
              + " registries; "
              + input.twoWay().elsewhere().get(0).image().reference()
              + (elsewhere == 1 ? "" : " is the first"));
    }
    return traps;
  }

  /** What is true of every list of Screwdriver's router. */
  static List<String> ofRouter() {
    return List.of(
        "the router reads the key 'exclusions'; 'exclusion', as in the worker's own default.yaml, does"
            + " nothing",
        "a build with the annotation screwdriver.cd/executor goes where that says, whatever is"
            + " listed",
        "stopping a build places it again: a list that changed meanwhile can send the stop elsewhere");
  }

  /** What is true where pods are given kernel parameters by annotation. */
  static List<String> ofAnnotation() {
    return List.of(
        "the annotation does nothing, in silence, unless containerd's runtime has pod_annotations ="
            + " [\"io.katacontainers.*\"]",
        "pods with the annotation fail, or lack the parameters, unless Kata's configuration has"
            + " kernel_params in enable_annotations (since 3.3.0 by default)");
  }

  /** For which versions each parameter holds. */
  static List<String> ofVersions(ExportInput input) {
    Collection<String> all = Selection.holdsFor(input.selection().images(), input.options());
    List<String> traps = new ArrayList<>();
    all.stream()
        .limit(MAX_VERSIONS)
        .map(
            h ->
                PlainWords.shortened(h, MAX_LENGTH)
                    + "; guests of other versions ignore it in silence")
        .forEach(traps::add);
    if (all.size() > MAX_VERSIONS) {
      traps.add("and " + (all.size() - MAX_VERSIONS) + " more parameters for some versions only");
    }
    return traps;
  }
}
