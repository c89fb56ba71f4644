package dev.imgcompat.cli;

import static dev.imgcompat.cli.SweepStatus.number;

import dev.imgcompat.core.verdict.Decision;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Sections of a text for people, each with a heading and a list that is not too long.
 *
 * @param out where to write them
 * @param colours of the text
 */
record Sections(PrintWriter out, Colours colours) {
  /** How many entries of a list are shown. */
  private static final int SHOWN = 10;

  void heading(String text) {
    out.println(colours.styled(text, Style.bold));
  }

  void line(String text) {
    out.println("  " + text);
  }

  void end() {
    out.println();
  }

  static <T> List<T> shown(List<T> all) {
    return all.subList(0, Math.min(SHOWN, all.size()));
  }

  /** Says that there are more than are shown. */
  void more(int listed, long all, String words) {
    if (listed > SHOWN) {
      line("… " + number(all) + " " + words);
    }
  }

  String styled(Decision decision) {
    return colours.styled(decision.name(), Colours.of(decision));
  }
}
