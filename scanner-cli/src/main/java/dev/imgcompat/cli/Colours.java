package dev.imgcompat.cli;

import dev.imgcompat.core.verdict.Decision;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * The colours of text for people.
 *
 * @param on whether there are any
 */
record Colours(boolean on) {
  String styled(String text, Style... styles) {
    // Not Style.off: its code for bold is that of a double underline to many terminals.
    return on && !text.isEmpty() ? Style.on(styles) + text + "\u001b[0m" : text;
  }

  static Style of(Decision decision) {
    return switch (decision) {
      case COMPATIBLE -> Style.fg_green;
      case NEEDS_KERNEL_PARAMS -> Style.fg_yellow;
      case EXCLUDED -> Style.fg_red;
      case UNKNOWN -> Style.fg_magenta;
    };
  }
}
