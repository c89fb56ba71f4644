package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.ReportFormat;
import dev.imgcompat.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The images to keep away from a runtime: those that are {@code EXCLUDED}; those that need kernel
 * parameters, unless the guests have them; those of which nothing is known, unless they are
 * allowed. Sorted, without duplicates.
 *
 * @param schemaVersion 1
 * @param runtime from which to keep them away
 * @param newestScan of the reports; absent where there is none
 * @param rules digests of the rule packs that judged
 * @param decisions how many images have each decision
 * @param images that are excluded
 */
public record ExclusionList(
    int schemaVersion,
    String runtime,
    Optional<String> newestScan,
    Set<String> rules,
    Map<Decision, Long> decisions,
    List<Entry> images) {

  /**
   * An image on the list.
   *
   * @param reference as it was scanned
   * @param canonical the reference in full
   * @param digest of its manifest
   * @param indexDigest of the index that led to it
   * @param decision why it is here
   * @param reasons ids of the rules that decided, or the kind of failure
   */
  public record Entry(
      String reference,
      String canonical,
      Optional<Digest> digest,
      Optional<Digest> indexDigest,
      Decision decision,
      List<String> reasons) {}

  /** Makes the list from reports. */
  public static ExclusionList of(Collection<Report> reports, ExportOptions options)
      throws ExportException {
    return of(Selection.of(reports, options), options);
  }

  private static ExclusionList of(Selection selection, ExportOptions options) {
    List<Entry> entries = new ArrayList<>();
    for (Selection.Judged judged : selection.images()) {
      Verdict verdict = judged.verdict();
      boolean listed =
          switch (verdict.decision()) {
            case COMPATIBLE -> false;
            case NEEDS_KERNEL_PARAMS -> !options.guestHasParams();
            case EXCLUDED -> true;
            case UNKNOWN -> options.excludeUnknown();
          };
      if (listed) {
        entries.add(
            new Entry(
                judged.image().reference(),
                judged.image().canonical(),
                judged.image().digest(),
                judged.image().indexDigest(),
                verdict.decision(),
                judged
                    .image()
                    .error()
                    .map(e -> List.of(e.kind()))
                    .orElseGet(
                        () ->
                            verdict.findings().stream()
                                .filter(Finding::decides)
                                .map(Finding::rule)
                                .toList())));
      }
    }
    return new ExclusionList(
        1,
        selection.runtime(),
        selection.newestScan(),
        selection.rules(),
        selection.counts(),
        List.copyOf(entries));
  }

  /** Returns the list as JSON. */
  public static String json(Collection<Report> reports, ExportOptions options)
      throws ExportException {
    return ReportFormat.json(of(reports, options));
  }

  /** Returns the list as text: comments, then one reference a line. */
  public static String text(Collection<Report> reports, ExportOptions options)
      throws ExportException {
    Selection selection = Selection.of(reports, options);
    List<String> lines = new ArrayList<>(ListHeader.lines("exclusion list", selection, options));
    Set<String> references = new TreeSet<>();
    of(selection, options).images().forEach(e -> references.add(Printable.of(e.reference())));
    lines.addAll(references);
    return String.join("\n", lines) + "\n";
  }
}
