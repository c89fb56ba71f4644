package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What every output that can carry it says of itself: what it is made of, and its traps. */
final class Preamble {
  private static final int MAX_PACKS = 5;
  private static final int MAX_LENGTH = 1000;

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
            + selection.rules().stream().limit(MAX_PACKS).collect(Collectors.joining(" "))
            + (selection.rules().size() > MAX_PACKS ? " and others" : ""));
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
    return lines.stream().map(l -> Printable.of(PlainWords.shortened(l, MAX_LENGTH))).toList();
  }

  /** Returns the same as names and values, for outputs that have a place for such. */
  static SortedMap<String, String> properties(ExportInput input) {
    Selection selection = input.selection();
    SortedMap<String, String> properties = new TreeMap<>();
    properties.put("runtime", selection.runtime());
    properties.put("version", String.join(" ", selection.versions()));
    properties.put("rules", String.join(" ", selection.rules()));
    properties.put("newestScan", selection.newestScan().orElse("none"));
    properties.put("images", Integer.toString(selection.images().size()));
    selection.counts().forEach((d, n) -> properties.put("images." + d, n.toString()));
    properties.put("unknown", input.options().excludeUnknown() ? "excluded" : "allowed");
    properties.put("guestHasParams", Boolean.toString(input.options().guestHasParams()));
    int number = 1;
    for (String trap : Traps.ofVersions(input)) {
      properties.put("note." + number++, trap);
    }
    properties.replaceAll((name, value) -> Printable.of(value));
    return properties;
  }

  /** Returns the lines as comments that begin with {@code #}, each with its line break. */
  static String comments(String title, ExportInput input, List<String> traps) {
    return lines(title, input, traps).stream()
        .map(l -> "# " + l + "\n")
        .collect(Collectors.joining());
  }
}
