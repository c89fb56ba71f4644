package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What every output that can carry it says of itself: what it is made of, and its traps. */
final class Preamble {
  private Preamble() {}

  /**
   * Returns lines of text, printable, without marks of a comment.
   *
   * @param title what it is, such as {@code exclusion list}
   * @param traps what whoever uses it should know, one line each
   */
  static List<String> lines(String title, ExportInput input, List<String> traps) {
    Selection selection = input.selection();
    List<String> lines = new ArrayList<>();
    lines.add("imgcompat: " + title + " for " + selection.runtime());
    lines.add(
        "newest scan "
            + selection.newestScan().orElse("none")
            + ", rules "
            + String.join(" ", selection.rules()));
    lines.add(
        selection.images().size()
            + " images: "
            + Arrays.stream(Decision.values())
                .map(d -> selection.counts().get(d) + " " + d)
                .collect(Collectors.joining(", ")));
    lines.add(
        "UNKNOWN images are "
            + (input.options().excludeUnknown() ? "excluded" : "allowed")
            + "; the guests are taken to "
            + (input.options().guestHasParams() ? "have" : "lack")
            + " the kernel parameters");
    lines.addAll(traps);
    return lines.stream().map(Printable::of).toList();
  }

  /** Returns the lines as comments that begin with {@code #}, each with its line break. */
  static String comments(String title, ExportInput input, List<String> traps) {
    return lines(title, input, traps).stream()
        .map(l -> "# " + l + "\n")
        .collect(Collectors.joining());
  }
}
