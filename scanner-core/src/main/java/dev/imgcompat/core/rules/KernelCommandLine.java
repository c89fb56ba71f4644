package dev.imgcompat.core.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The command line that a kernel sees: what is built in, then what it is booted with (on x86:
 * arch/x86/kernel/setup.c).
 *
 * @param parameters in their order; of several of a name the last good one counts
 * @param fixed whether what the kernel is booted with is ignored
 */
record KernelCommandLine(List<Parameter> parameters, boolean fixed) {
  /** A name, with - written as _, and a value. */
  record Parameter(String name, String value) {
    @Override
    public String toString() {
      return name + "=" + value;
    }

    /** The value as a switch, in the way of the kernel's kstrtobool; absent where it is none. */
    Optional<Boolean> flag() {
      String lower = value.toLowerCase(Locale.ROOT);
      if (lower.startsWith("y") || lower.startsWith("t") || lower.startsWith("1")) {
        return Optional.of(true);
      }
      if (lower.startsWith("n") || lower.startsWith("f") || lower.startsWith("0")) {
        return Optional.of(false);
      }
      return lower.startsWith("on")
          ? Optional.of(true)
          : lower.startsWith("of") ? Optional.of(false) : Optional.empty();
    }
  }

  KernelCommandLine {
    parameters = List.copyOf(parameters);
  }

  static KernelCommandLine of(KernelConfig config, String bootedWith) {
    List<Parameter> parameters = new ArrayList<>();
    boolean fixed = config.on("CMDLINE_BOOL") && config.on("CMDLINE_OVERRIDE");
    if (config.on("CMDLINE_BOOL")) {
      add(config.text("CMDLINE"), parameters);
    }
    if (!fixed) {
      add(bootedWith, parameters);
    }
    return new KernelCommandLine(parameters, fixed);
  }

  private static void add(String text, List<Parameter> parameters) {
    for (String word : words(text)) {
      if (word.equals("--")) {
        return; // the rest is for init
      }
      int equals = word.indexOf('=');
      if (equals > 0) {
        parameters.add(
            new Parameter(word.substring(0, equals).replace('-', '_'), word.substring(equals + 1)));
      }
    }
  }

  /** Splits at white space outside of double quotes, as lib/cmdline.c does. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (char c : (text + " ").toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (!Character.isWhitespace(c) || quoted) {
        word.append(c);
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    return words;
  }
}
