package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Place;
import dev.imgcompat.core.export.Placements.Placement;
import dev.imgcompat.core.export.Selection.Judged;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.router.ImagePatterns;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What every form is made of.
 *
 * @param selection the images that count
 * @param options how they become lists
 * @param twoWay where they go if there is a place for what runs and one for what does not
 * @param threeWay where they go if parameters can be given, too
 * @param patterns writes patterns for names of these images
 */
record ExportInput(
    Selection selection,
    ExportOptions options,
    Placements twoWay,
    Placements threeWay,
    ImagePatterns patterns) {
  static ExportInput of(Selection selection, ExportOptions options) throws ExportException {
    Placements twoWay = Placements.of(selection, options, false);
    return new ExportInput(
        selection,
        options,
        twoWay,
        Placements.of(selection, options, true),
        new ImagePatterns(options.router().defaultRegistry(), twoWay.all().keySet()));
  }

  /** Whether some name goes to a place in a three-way list. */
  boolean hasParameters() {
    return !threeWay.in(Place.WITH_PARAMS).isEmpty();
  }

  /**
   * The references, in full, of the images that some name of theirs sends to each set of
   * parameters.
   */
  SortedMap<ParameterSet, TreeSet<String>> imagesBySet() {
    SortedMap<ParameterSet, TreeSet<String>> images = new TreeMap<>();
    for (Judged judged : selection.images()) {
      for (ImageName name : Placements.names(judged)) {
        Optional.ofNullable(threeWay.all().get(name))
            .flatMap(Placement::parameters)
            .ifPresent(
                s ->
                    images
                        .computeIfAbsent(s, k -> new TreeSet<>())
                        .add(judged.image().canonical()));
      }
    }
    return images;
  }

  /**
   * Requires that the reports judge for one version: a parameter that a version's guests do not
   * know is ignored by them in silence.
   */
  void requireVersion(String form) throws ExportException {
    if (selection.runtime().indexOf(':') < 0 && selection.dependsOnVersion()) {
      throw new ExportException(
          form
              + " sets kernel parameters, which guests of other versions ignore in silence: scan"
              + " with --runtime "
              + selection.runtime()
              + ":VERSION");
    }
  }
}
