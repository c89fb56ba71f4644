package dev.imgcompat.cli;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Offer;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.rules.RuntimeProfile;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.core.verdict.Decision;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi.Style;

/** Runtimes for people. Files of others may hold anything, so all of it is made safe to print. */
final class RuntimeText {
  private final PrintWriter out;
  private final Colours colours;

  RuntimeText(PrintWriter out, boolean coloured) {
    this.out = out;
    this.colours = new Colours(coloured);
  }

  /** Prints a table; titles come last, since they are long. */
  void list(Collection<RuntimeProfile> runtimes) {
    int ids = runtimes.stream().mapToInt(r -> r.id().length()).max().orElse(0);
    int versions = runtimes.stream().mapToInt(r -> r.versions().length()).max().orElse(0);
    String row = "%-" + Math.max(2, ids) + "s  %-" + Math.max(8, versions) + "s  %-7s  %s%n";
    print(row, "ID", "VERSIONS", "ASSUMED", "TITLE");
    for (RuntimeProfile runtime : runtimes) {
      print(
          row,
          runtime.id(),
          Printable.of(runtime.versions()),
          runtime.assume().orElse("-"),
          Printable.of(runtime.title()));
    }
  }

  private void print(String row, String id, String versions, String assumed, String title) {
    out.print(String.format(Locale.ROOT, row, id, versions, assumed, title));
  }

  /** Prints what a target offers. */
  void show(Target target) {
    RuntimeProfile profile = target.profile();
    out.println(colours.styled(target.name(), Style.bold) + "  " + Printable.of(profile.title()));
    String which =
        target
            .version()
            .map(v -> "; this is " + v)
            .or(() -> profile.assume().map(v -> "; " + v + " is assumed"))
            .orElse("");
    out.println("  versions: " + Printable.of(profile.versions()) + which);
    target.kernel().ifPresent(k -> out.println("  lowest guest kernel: " + k));
    List<String> present = profile.kernelCommandLine();
    if (!present.isEmpty()) {
      out.println("  kernel command line: " + Printable.of(String.join(" ", present)));
    }
    for (Offer offer : target.offers()) {
      offer(offer, present);
    }
    profile
        .references()
        .forEach(r -> out.println(colours.styled("  see " + Printable.of(r), Style.faint)));
  }

  private void offer(Offer offer, List<String> present) {
    String name = String.format(Locale.ROOT, "  %-17s  ", offer.capability());
    String params = Printable.of(String.join(" ", offer.kernelParams()));
    boolean given = !offer.kernelParams().isEmpty() && present.containsAll(offer.kernelParams());
    if (offer.available() && !offer.stated()) {
      out.println(name + "not stated in the profile: taken as available");
    } else if (offer.available() || given) {
      out.println(
          name
              + colours.styled("available", Colours.of(Decision.COMPATIBLE))
              + (given ? ", by " + params + " on the command line" : ""));
    } else if (params.isEmpty()) {
      out.println(name + colours.styled("not available", Colours.of(Decision.EXCLUDED)));
    } else {
      out.println(
          name + colours.styled("needs " + params, Colours.of(Decision.NEEDS_KERNEL_PARAMS)));
    }
    if (offer.kernelParams().isEmpty()) {
      offer.why().ifPresent(this::detail); // the remedy with the parameters says it otherwise
    }
    if (!given) {
      offer.remedies().forEach(this::remedy);
    }
    offer.elsewhere().forEach(other -> detail("but " + other));
  }

  private void remedy(Remedy remedy) {
    out.println(
        "      "
            + colours.styled("remedy:", Style.fg_green)
            + " "
            + Printable.of(TextReport.words(remedy)));
  }

  private void detail(String text) {
    out.println("      " + Printable.of(text));
  }
}
