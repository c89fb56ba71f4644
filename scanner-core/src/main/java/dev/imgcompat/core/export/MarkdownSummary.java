package dev.imgcompat.core.export;

import dev.imgcompat.core.export.GateImage.Outcome;
import dev.imgcompat.core.verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A comment on a pull request, in GitHub's Markdown: how many images there are of each decision, a
 * table of those that need attention, and details. The worst come first, and the comment ends at
 * the border of an image before it gets longer than GitHub takes.
 */
final class MarkdownSummary implements Form {
  /** GitHub refuses longer comments; counted in UTF-16 units, which are never fewer. */
  static final int MAX_LENGTH = 65_536;

  /** The table may take this much, so that there are some details at least. */
  private static final int MAX_TABLE = 40_000;

  private static final int ROOM_FOR_REMARKS = 400;

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    List<GateImage> images = GateImage.worstFirst(input);
    List<GateImage> attention = images.stream().filter(MarkdownSummary::needsAttention).toList();
    String footer = footer(input);
    StringBuilder text = new StringBuilder(heading(input, images, attention));
    if (!attention.isEmpty()) {
      table(text, attention);
    }
    List<String> details = images.stream().flatMap(i -> MarkdownDetails.of(i).stream()).toList();
    int told = 0;
    for (String detail : details) {
      if (text.length() + detail.length() + footer.length() + ROOM_FOR_REMARKS > MAX_LENGTH) {
        text.append("Details of ")
            .append(images(details.size() - told))
            .append(" are left out here, for a comment has an end; the report has them.\n\n");
        break;
      }
      text.append(detail);
      told++;
    }
    return List.of(new ExportedFile("imgcompat.md", text + footer));
  }

  private static boolean needsAttention(GateImage image) {
    return image.outcome() != Outcome.PASSES;
  }

  private static String heading(
      ExportInput input, List<GateImage> images, List<GateImage> attention) {
    StringBuilder text = new StringBuilder("## imgcompat: ");
    text.append(
            attention.isEmpty()
                ? images.isEmpty() ? "no images" : "nothing needs attention"
                : attention.size()
                    + " of "
                    + images(images.size())
                    + (attention.size() == 1 ? " needs attention" : " need attention"))
        .append(" on ")
        .append(MarkdownText.code(input.selection().runtime()))
        .append("\n\n| Decision | Images |\n|---|--:|\n");
    for (Map.Entry<Decision, Long> count : input.selection().counts().entrySet()) {
      text.append("| ")
          .append(MarkdownText.code(count.getKey().name()))
          .append(" | ")
          .append(count.getValue())
          .append(" |\n");
    }
    return text.append('\n').toString();
  }

  private static void table(StringBuilder text, List<GateImage> attention) {
    text.append("### Images that need attention\n\n")
        .append("| Image | Decision | Why | What helps |\n|---|---|---|---|\n");
    int end = text.length() + MAX_TABLE;
    int told = 0;
    for (GateImage image : attention) {
      String row =
          "| "
              + MarkdownDetails.code(image.title())
              + " | "
              + MarkdownText.code(image.decision().name())
              + " | "
              + cell(image.reasons())
              + " | "
              + cell(image.remedies())
              + " |\n";
      if (text.length() + row.length() > end) {
        break;
      }
      text.append(row);
      told++;
    }
    text.append('\n');
    if (told < attention.size()) {
      text.append(images(attention.size() - told))
          .append(" more that need attention are left out here, none worse than these.\n\n");
    }
  }

  private static String cell(List<String> lines) {
    List<String> cells =
        new ArrayList<>(lines.stream().limit(3).map(MarkdownDetails::prose).toList());
    if (lines.size() > cells.size()) {
      cells.add("and " + (lines.size() - cells.size()) + " more");
    }
    return String.join("<br>", cells);
  }

  private static String footer(ExportInput input) {
    return Preamble.lines("summary", input, Traps.ofVersions(input)).stream()
        .map(l -> "- " + MarkdownDetails.prose(l) + "\n")
        .collect(Collectors.joining("", "---\n\n", ""));
  }

  private static String images(int count) {
    return count + (count == 1 ? " image" : " images");
  }
}
