package dev.imgcompat.cli;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Which image runs on which runtime, one row for each image.
 *
 * <p>Runtimes are few and known beforehand, images are many and have long names. So the columns are
 * numbers with a legend, which leaves half of 80 columns with eight runtimes, and a name comes last
 * in its row, where neither its length nor its script puts anything out of line. The parameters are
 * in the text of the image above: they would not fit, and differ by runtime.
 */
final class Matrix {
  private static final int WIDTH = 5;

  private final PrintWriter out;
  private final Colours colours;

  Matrix(PrintWriter out, boolean coloured) {
    this.out = out;
    this.colours = new Colours(coloured);
  }

  /** Prints the verdicts on images that were judged for the same runtimes. */
  void print(List<ImageReport> images) {
    if (images.isEmpty()) {
      return;
    }
    List<String> runtimes = images.get(0).verdicts().stream().map(Verdict::runtime).toList();
    for (int i = 0; i < runtimes.size(); i++) {
      out.println(cell(String.valueOf(i + 1)) + runtimes.get(i));
    }
    out.println();
    out.println(
        IntStream.rangeClosed(1, runtimes.size())
                .mapToObj(i -> cell(String.valueOf(i)))
                .collect(Collectors.joining())
            + "image");
    Map<String, Long> times =
        images.stream()
            .collect(Collectors.groupingBy(ImageReport::reference, Collectors.counting()));
    for (ImageReport image : images) {
      String row =
          image.verdicts().stream().map(v -> cell(v.decision())).collect(Collectors.joining());
      boolean several = times.getOrDefault(image.reference(), 0L) > 1;
      String platform = several ? image.platform().map(p -> "  " + p).orElse("") : "";
      out.println(row + Printable.of(image.reference() + platform));
    }
    out.println();
    out.println(
        List.of(Decision.values()).stream()
            .map(d -> colours.styled(word(d), Colours.of(d), Style.bold) + " " + d)
            .collect(Collectors.joining(", ")));
  }

  private String cell(Decision decision) {
    String word = word(decision);
    return colours.styled(word, Colours.of(decision), Style.bold)
        + " ".repeat(WIDTH - word.length());
  }

  private static String cell(String text) {
    return text + " ".repeat(Math.max(1, WIDTH - text.length()));
  }

  private static String word(Decision decision) {
    return switch (decision) {
      case COMPATIBLE -> "yes";
      case NEEDS_KERNEL_PARAMS -> "par";
      case EXCLUDED -> "no";
      case UNKNOWN -> "?";
    };
  }
}
