package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The comment at the top of the plain lists. */
final class ListHeader {
  private ListHeader() {}

  static List<String> lines(String title, Selection selection, ExportOptions options) {
    List<String> lines = new ArrayList<>();
    lines.add("# imgcompat: " + title + " for " + selection.runtime());
    lines.add(
        "# newest scan "
            + selection.newestScan().orElse("none")
            + ", rules "
            + String.join(" ", selection.rules()));
    Map<Decision, Long> counts = selection.counts();
    lines.add(
        "# "
            + selection.images().size()
            + " images: "
            + counts.get(Decision.COMPATIBLE)
            + " COMPATIBLE, "
            + counts.get(Decision.NEEDS_KERNEL_PARAMS)
            + " NEEDS_KERNEL_PARAMS, "
            + counts.get(Decision.EXCLUDED)
            + " EXCLUDED, "
            + counts.get(Decision.UNKNOWN)
            + " UNKNOWN");
    lines.add(
        "# UNKNOWN images are "
            + (options.excludeUnknown() ? "excluded" : "allowed")
            + "; the guests are taken to "
            + (options.guestHasParams() ? "have" : "lack")
            + " the kernel parameters");
    return lines.stream().map(Printable::of).toList();
  }
}
