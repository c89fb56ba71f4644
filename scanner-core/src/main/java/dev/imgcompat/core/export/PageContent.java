package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the template of the page shows, by the names that it has there. All texts are printable, and
 * none is escaped: the template does that.
 *
 * @param several whether there is something to filter
 */
record PageContent(
    String policy,
    String style,
    String script,
    String version,
    String heading,
    String subheading,
    List<Tally> tallies,
    boolean several,
    List<PageCard> cards,
    List<String> remarks) {

  /** A browser takes seconds for twice as many. */
  private static final int MAX_CARDS = 5_000;

  /** How many images have a decision. */
  record Tally(String decision, String label, long count) {}

  static PageContent of(ExportInput input, String policy, String style, String script)
      throws ExportException {
    Selection selection = input.selection();
    List<GateImage> images = GateImage.worstFirst(input);
    Map<Decision, Long> counts = selection.counts();
    return new PageContent(
        policy,
        style,
        script,
        Printable.of(String.join(" ", selection.versions())),
        Printable.of("Container images on " + selection.runtime()),
        Printable.of(
            images.size()
                + (images.size() == 1 ? " image" : " images")
                + selection.newestScan().map(s -> ", the newest scanned at " + s).orElse("")),
        List.of(
                Decision.EXCLUDED,
                Decision.NEEDS_KERNEL_PARAMS,
                Decision.UNKNOWN,
                Decision.COMPATIBLE)
            .stream()
            .map(d -> new Tally(d.name(), label(d), counts.getOrDefault(d, 0L)))
            .toList(),
        images.size() > 1,
        images.stream().limit(MAX_CARDS).map(i -> PageCard.of(i, images.size() == 1)).toList(),
        Preamble.lines("report", input, remarks(input, images.size())));
  }

  private static List<String> remarks(ExportInput input, int images) {
    List<String> remarks = new ArrayList<>(Traps.ofVersions(input));
    if (images > MAX_CARDS) {
      remarks.add(
          (images - MAX_CARDS)
              + " more images are not on this page, which browsers could not show: the format csv has"
              + " all; the worst are here");
    }
    return remarks;
  }

  static String label(Decision decision) {
    return switch (decision) {
      case COMPATIBLE -> "Compatible";
      case NEEDS_KERNEL_PARAMS -> "Needs kernel parameters";
      case EXCLUDED -> "Excluded";
      case UNKNOWN -> "Unknown";
    };
  }
}
