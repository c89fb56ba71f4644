package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Digest;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Kernel parameters that images need together. Immutable; ordered by their text.
 *
 * @param kernelParams sorted, each once; at least one
 */
record ParameterSet(List<String> kernelParams) implements Comparable<ParameterSet> {
  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9_.:/=,+-]{1,200}");

  /** Parameters that go by their first word, since they are the usual ones. */
  private static final List<String> USUAL = List.of("vsyscall=emulate", "init=/usr/bin/kata-agent");

  private static final int MAX_NAME = 40;

  ParameterSet {
    kernelParams = List.copyOf(new TreeSet<>(kernelParams));
  }

  /** Returns a set; refuses what would break out of a configuration file. */
  static ParameterSet of(Collection<String> kernelParams, String image) throws ExportException {
    for (String parameter : kernelParams) {
      if (!isParameter(parameter)) {
        throw new ExportException(
            "the report on " + image + " has '" + parameter + "' for a kernel parameter");
      }
    }
    return new ParameterSet(List.copyOf(kernelParams));
  }

  static boolean isParameter(String text) {
    return PARAMETER.matcher(text).matches();
  }

  /** As on a kernel command line. */
  String text() {
    return String.join(" ", kernelParams);
  }

  /** The executor of a router that runs what needs this set. */
  String executor(RouterSetup router) {
    return router.executor() + "-" + name();
  }

  /**
   * A name for what is configured for this set: lower-case letters, digits and dashes; the same for
   * the same set, whatever others there are.
   */
  String name() {
    StringBuilder name = new StringBuilder();
    boolean exact = true;
    for (String parameter : kernelParams) {
      boolean usual = USUAL.contains(parameter);
      String word = usual ? parameter.substring(0, parameter.indexOf('=')) : parameter;
      String plain =
          word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
      exact &= usual || plain.equals(word.replace('=', '-'));
      name.append(name.isEmpty() ? "" : "-").append(plain);
    }
    if (exact && name.length() <= MAX_NAME) {
      return name.toString();
    }
    name.setLength(Math.min(name.length(), MAX_NAME - 9));
    return name + "-" + Digest.ofText(text()).hex().substring(0, 8);
  }

  @Override
  public int compareTo(ParameterSet other) {
    return text().compareTo(other.text());
  }
}
