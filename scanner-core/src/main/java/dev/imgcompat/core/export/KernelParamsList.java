package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Placement;
import dev.imgcompat.core.export.Selection.Judged;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.ReportFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Which images run if the guest gets which kernel parameters, as JSON. Advice counts where it is
 * asked for; images that no parameter helps are not here. It recommends and sets nothing, so it may
 * be for a runtime without version.
 */
final class KernelParamsList implements ListForm {
  /**
   * The document.
   *
   * @param schemaVersion 1
   * @param runtime whose guests get the parameters
   * @param newestScan of the reports; absent where there is none
   * @param rules digests of the rule packs that judged
   * @param decisions how many images have each decision
   * @param notes what whoever uses it should know, one line each
   * @param sets ordered by their parameters
   */
  private record Document(
      int schemaVersion,
      String runtime,
      Optional<String> newestScan,
      Set<String> rules,
      Map<Decision, Long> decisions,
      List<String> notes,
      List<Entry> sets) {}

  /**
   * One set of parameters, and the images that want it.
   *
   * @param name for what is configured for the set
   * @param kernelParams sorted
   * @param annotations that give a pod these parameters
   * @param holdsFor the versions of the runtime for which each helps
   * @param images ordered by reference
   */
  private record Entry(
      String name,
      List<String> kernelParams,
      Map<String, String> annotations,
      Set<String> holdsFor,
      List<Wanting> images) {}

  /**
   * An image that wants a set of parameters.
   *
   * @param reference as it was scanned
   * @param canonical the reference in full
   * @param digest of its manifest
   * @param indexDigest of the index that led to it
   * @param platform of the image
   * @param reasons ids of the rules
   */
  private record Wanting(
      String reference,
      String canonical,
      Optional<Digest> digest,
      Optional<Digest> indexDigest,
      Optional<String> platform,
      List<String> reasons) {}

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    SortedMap<ParameterSet, List<Judged>> wanting = new TreeMap<>();
    for (Judged judged : input.selection().images()) {
      Placement placement = Placements.place(judged, input.options(), true);
      placement
          .parameters()
          .ifPresent(s -> wanting.computeIfAbsent(s, k -> new ArrayList<>()).add(judged));
    }
    List<Entry> sets = new ArrayList<>();
    wanting.forEach(
        (set, images) ->
            sets.add(
                new Entry(
                    set.name(),
                    set.kernelParams(),
                    KataAnnotation.of(set),
                    Selection.holdsFor(images, input.options()),
                    images.stream().map(j -> wanting(j, input.options())).toList())));
    Selection selection = input.selection();
    List<String> notes = new ArrayList<>();
    if (!sets.isEmpty()) {
      notes.addAll(Traps.ofAnnotation());
      notes.addAll(Traps.ofVersions(input));
    }
    return List.of(
        new ExportedFile(
            "kernel-params.json",
            ReportFormat.json(
                new Document(
                    1,
                    selection.runtime(),
                    selection.newestScan(),
                    selection.rules(),
                    selection.counts(),
                    notes,
                    sets))));
  }

  private static Wanting wanting(Judged judged, ExportOptions options) {
    return new Wanting(
        Printable.of(judged.image().reference()),
        Printable.of(judged.image().canonical()),
        judged.image().digest(),
        judged.image().indexDigest(),
        judged.image().platform().map(Printable::of),
        Placements.wanting(judged, options).stream().map(Finding::rule).toList());
  }

  @Override
  public Listing read(String text, ExportOptions options) throws ExportException {
    JsonNode document = PatternLists.json(text);
    if (!document.path("sets").isArray()) {
      throw new ExportException("the old list has no sets of kernel parameters");
    }
    SortedMap<ImageName, String> places = new TreeMap<>();
    SortedMap<String, String> foreign = new TreeMap<>();
    for (JsonNode set : document.path("sets").values()) {
      String parameters =
          String.join(
              " ", set.path("kernelParams").valueStream().map(p -> p.asString("")).toList());
      for (JsonNode image : set.path("images").values()) {
        String reference = image.path("canonical").asString("");
        Placements.name(reference)
            .ifPresentOrElse(
                n -> places.put(n.abbreviated(), parameters),
                () -> foreign.put(reference, parameters));
      }
    }
    return new Listing(places, foreign);
  }
}
