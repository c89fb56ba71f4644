package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Place;
import dev.imgcompat.core.export.Selection.Judged;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An image as a gate sees it. What its methods return is printable, but escaped for no form.
 *
 * @param judged the image and the verdict that counts
 * @param outcome at the gate
 */
record GateImage(Judged judged, Outcome outcome) {

  /** What a gate makes of an image, worst first. */
  enum Outcome {
    /** It cannot run, or not without parameters that the guests lack. */
    FAILS,
    /** Nobody knows, since it was not scanned, or not whole. A gate must not let it pass as if. */
    UNKNOWN,
    /** It runs, but something is worth to be done: parameters are wanted or given already. */
    ADVISED,
    /** It runs. */
    PASSES
  }

  private static final Comparator<GateImage> WORST_FIRST =
      Comparator.<GateImage>comparingInt(i -> i.decision() == Decision.EXCLUDED ? 0 : 1)
          .thenComparing(GateImage::outcome);

  /** The images, ordered by reference, then by platform. */
  static List<GateImage> of(ExportInput input) throws ExportException {
    List<GateImage> images = new ArrayList<>();
    for (Judged judged : input.selection().images()) {
      images.add(new GateImage(judged, at(judged, input.options())));
    }
    return images;
  }

  /** The images, the worst first; equally bad ones ordered by reference, then by platform. */
  static List<GateImage> worstFirst(ExportInput input) throws ExportException {
    return of(input).stream().sorted(WORST_FIRST).toList();
  }

  private static Outcome at(Judged judged, ExportOptions options) throws ExportException {
    Decision decision = judged.verdict().decision();
    if (decision == Decision.UNKNOWN) {
      return Outcome.UNKNOWN;
    }
    if (Placements.place(judged, options, false).place() == Place.EXCLUDED) {
      return Outcome.FAILS;
    }
    return decision == Decision.NEEDS_KERNEL_PARAMS
            || !Placements.parameters(judged, options).isEmpty()
        ? Outcome.ADVISED
        : Outcome.PASSES;
  }

  ImageReport image() {
    return judged.image();
  }

  Verdict verdict() {
    return judged.verdict();
  }

  Decision decision() {
    return judged.verdict().decision();
  }

  /** The reference as it was asked for, and the platform. */
  String title() {
    return named(image().reference());
  }

  /** The reference in full, and the platform: the same however it was asked for. */
  String fullTitle() {
    return named(image().canonical());
  }

  private String named(String reference) {
    return Printable.of(reference + image().platform().map(p -> " (" + p + ")").orElse(""));
  }

  /** What becomes of it on the runtime. */
  String headline() {
    String on = " on " + verdict().runtime();
    return Printable.of(
        switch (decision()) {
          case COMPATIBLE -> "runs" + on;
          case NEEDS_KERNEL_PARAMS ->
              "needs " + String.join(" ", verdict().kernelParams()) + on + given();
          case EXCLUDED -> "cannot run" + on;
          case UNKNOWN -> image().error().isPresent() ? "was not scanned" : "was not scanned whole";
        });
  }

  private String given() {
    return outcome == Outcome.FAILS ? "" : ", which the guests have";
  }

  /** The findings that it follows from; of images that run, those of advice. */
  List<Finding> because() {
    List<Finding> deciding = verdict().findings().stream().filter(Finding::decides).toList();
    return deciding.isEmpty()
        ? verdict().findings().stream().filter(f -> f.effect() == Effect.ADVICE).toList()
        : deciding;
  }

  /** Why, one line each; none for images that run and have nothing to be said. */
  List<String> reasons() {
    if (decision() == Decision.UNKNOWN) {
      return image().error().map(e -> List.of(Printable.of(e.message()))).orElseGet(this::notes);
    }
    return because().stream().map(f -> Printable.of(f.summary())).distinct().toList();
  }

  /** What helps, one line each. */
  List<String> remedies() {
    if (image().error().isPresent()) {
      return List.of(PlainWords.move(image().error().get()));
    }
    return because().stream()
        .flatMap(f -> f.remedies().stream())
        .map(PlainWords::remedy)
        .filter(r -> !r.isEmpty())
        .distinct()
        .toList();
  }

  /** Notes on the image and on the verdict, one line each. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(image().notes());
    notes.addAll(verdict().notes());
    return notes.stream().map(Printable::of).distinct().toList();
  }
}
