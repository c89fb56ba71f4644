package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Place;
import dev.imgcompat.core.router.ImagePatterns;

/**
 * What every form is made of.
 *
 * @param selection the images that count
 * @param options how they become lists
 * @param twoWay where they go if there is a place for what runs and one for what does not
 * @param threeWay where they go if parameters can be given, too
 */
record ExportInput(
    Selection selection, ExportOptions options, Placements twoWay, Placements threeWay) {
  static ExportInput of(Selection selection, ExportOptions options) throws ExportException {
    return new ExportInput(
        selection,
        options,
        Placements.of(selection, options, false),
        Placements.of(selection, options, true));
  }

  /** Writes patterns for names of images. */
  ImagePatterns patterns() {
    return new ImagePatterns(options.router().defaultRegistry(), twoWay.all().keySet());
  }

  /** Whether some name goes to a place in a three-way list. */
  boolean hasParameters() {
    return !threeWay.in(Place.WITH_PARAMS).isEmpty();
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
