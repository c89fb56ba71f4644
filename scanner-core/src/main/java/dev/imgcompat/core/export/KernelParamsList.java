package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.ReportFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which images run if the guest gets which kernel parameters. Advice counts where it is asked for;
 * images that no parameter helps are not here.
 *
 * @param schemaVersion 1
 * @param runtime whose guests get the parameters
 * @param newestScan of the reports; absent where there is none
 * @param rules digests of the rule packs that judged
 * @param decisions how many images have each decision
 * @param sets ordered by their parameters
 */
public record KernelParamsList(
    int schemaVersion,
    String runtime,
    Optional<String> newestScan,
    Set<String> rules,
    Map<Decision, Long> decisions,
    List<ParameterSet> sets) {

  /**
   * One set of parameters, and the images that want it.
   *
   * @param kernelParams sorted
   * @param holdsFor the versions of the runtime for which each helps
   * @param images ordered by reference
   */
  public record ParameterSet(List<String> kernelParams, Set<String> holdsFor, List<Entry> images) {}

  /**
   * An image that wants a set of parameters.
   *
   * @param reference as it was scanned
   * @param canonical the reference in full
   * @param digest of its manifest
   * @param indexDigest of the index that led to it
   * @param reasons ids of the rules
   */
  public record Entry(
      String reference,
      String canonical,
      Optional<Digest> digest,
      Optional<Digest> indexDigest,
      List<String> reasons) {}

  /** Makes the list from reports. */
  public static KernelParamsList of(Collection<Report> reports, ExportOptions options)
      throws ExportException {
    return of(Selection.of(reports, options), options);
  }

  private static KernelParamsList of(Selection selection, ExportOptions options) {
    Map<String, List<Selection.Judged>> byParameters = new TreeMap<>();
    Map<String, Set<String>> holdsFor = new TreeMap<>();
    for (Selection.Judged judged : selection.images()) {
      List<Finding> wanting = wanting(judged, options);
      Set<String> parameters = new TreeSet<>(judged.verdict().kernelParams());
      wanting.stream()
          .filter(f -> f.effect() == Effect.ADVICE)
          .forEach(f -> parameters.addAll(f.kernelParams()));
      if (!parameters.isEmpty()) {
        String set = String.join(" ", parameters);
        byParameters.computeIfAbsent(set, k -> new ArrayList<>()).add(judged);
        for (Finding finding : wanting) {
          for (Remedy remedy : finding.remedies()) {
            if (remedy.kernelParams().isEmpty()) {
              continue;
            }
            remedy
                .holdsFor()
                .ifPresent(
                    versions ->
                        holdsFor
                            .computeIfAbsent(set, k -> new TreeSet<>())
                            .add(String.join(" ", remedy.kernelParams()) + ": " + versions));
          }
        }
      }
    }
    List<ParameterSet> sets = new ArrayList<>();
    byParameters.forEach(
        (set, images) ->
            sets.add(
                new ParameterSet(
                    List.of(set.split(" ")),
                    holdsFor.getOrDefault(set, Set.of()),
                    images.stream().map(j -> entry(j, options)).toList())));
    return new KernelParamsList(
        1,
        selection.runtime(),
        selection.newestScan(),
        selection.rules(),
        selection.counts(),
        List.copyOf(sets));
  }

  /** Returns the list as JSON. */
  public static String json(Collection<Report> reports, ExportOptions options)
      throws ExportException {
    return ReportFormat.json(of(reports, options));
  }

  /** Returns the list as text: comments, then a reference, a tab and its parameters a line. */
  public static String text(Collection<Report> reports, ExportOptions options)
      throws ExportException {
    Selection selection = Selection.of(reports, options);
    KernelParamsList list = of(selection, options);
    List<String> lines = new ArrayList<>(ListHeader.lines("kernel parameters", selection, options));
    lines.remove(lines.size() - 1); // what is excluded does not matter here
    Set<String> entries = new TreeSet<>();
    for (ParameterSet set : list.sets()) {
      set.holdsFor().forEach(h -> lines.add("# " + Printable.of(h)));
      for (Entry entry : set.images()) {
        entries.add(
            Printable.of(entry.reference())
                + "\t"
                + Printable.of(String.join(" ", set.kernelParams())));
      }
    }
    List<String> all = new ArrayList<>(lines.stream().distinct().toList());
    all.addAll(entries);
    return String.join("\n", all) + "\n";
  }

  private static List<Finding> wanting(Selection.Judged judged, ExportOptions options) {
    Decision decision = judged.verdict().decision();
    if (decision == Decision.EXCLUDED || decision == Decision.UNKNOWN) {
      return List.of();
    }
    return judged.verdict().findings().stream()
        .filter(
            f ->
                (f.decides() && decision == Decision.NEEDS_KERNEL_PARAMS)
                    || (options.withAdvice() && f.effect() == Effect.ADVICE))
        .toList();
  }

  private static Entry entry(Selection.Judged judged, ExportOptions options) {
    return new Entry(
        judged.image().reference(),
        judged.image().canonical(),
        judged.image().digest(),
        judged.image().indexDigest(),
        wanting(judged, options).stream().map(Finding::rule).toList());
  }
}
