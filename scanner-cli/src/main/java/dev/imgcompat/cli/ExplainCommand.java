package dev.imgcompat.cli;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Offer;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.rules.RuleDescription;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.rules.RuntimeProfile;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code imgcompat explain}: what a rule is about, on which kernels it holds, and what helps. */
@Command(
    name = "explain",
    description = "Explains a rule: what it is about, on which guest kernels it holds, what helps.",
    mixinStandardHelpOptions = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class)
final class ExplainCommand implements Callable<Integer> {
  @ParentCommand private ImgcompatCommand parent;
  @Mixin private RuleOptions rules;

  @Parameters(
      arity = "0..1",
      paramLabel = "RULE",
      description = "As a finding names it; without one, all rules are listed.")
  private @Nullable String rule;

  @Override
  public Integer call() throws UsageException {
    RulePack pack = rules.pack();
    PrintWriter out = parent.streams().out();
    if (rule == null) {
      list(pack.descriptions(), out);
    } else {
      explain(wanted(pack, rule), pack, out, new Colours(parent.streams().coloured()));
    }
    out.flush();
    return ExitCode.OK;
  }

  private static RuleDescription wanted(RulePack pack, String id) throws UsageException {
    for (RuleDescription description : pack.descriptions()) {
      if (description.id().equals(id)) {
        return description;
      }
    }
    throw new UsageException(
        "no rule '"
            + id
            + "'; known are "
            + String.join(", ", pack.descriptions().stream().map(RuleDescription::id).toList()));
  }

  private static void list(List<RuleDescription> descriptions, PrintWriter out) {
    int width = descriptions.stream().mapToInt(d -> d.id().length()).max().orElse(0);
    for (RuleDescription description : descriptions) {
      out.println(
          String.format(
              Locale.ROOT,
              "%-" + Math.max(1, width) + "s  %-8s  %s",
              description.id(),
              name(description.effect()),
              description.capability().map(c -> "needs " + c).orElse("holds on every runtime")));
    }
  }

  private static void explain(
      RuleDescription rule, RulePack pack, PrintWriter out, Colours colours) {
    out.println(colours.styled(rule.id(), Style.bold) + "  " + Printable.of(template(rule)));
    out.println();
    rule.explanation().lines().forEach(line -> out.println("  " + Printable.of(line)));
    if (!rule.explanation().isEmpty()) {
      out.println();
    }
    out.println("  " + effect(rule));
    out.println();
    if (rule.requires().isPresent() && rule.effect() == Effect.INFORMS) {
      lacking(rule, pack, out);
    } else if (rule.requires().isPresent()) {
      kernels(rule, rule.requires().get(), pack, out, colours);
    } else {
      out.println("  It holds on every runtime.");
    }
    out.println();
    rule.remedy()
        .ifPresent(
            text ->
                out.println(
                    "  " + colours.styled("remedy:", Style.fg_green) + " " + Printable.of(text)));
    rule.references()
        .forEach(r -> out.println(colours.styled("  see " + Printable.of(r), Style.faint)));
  }

  private static String effect(RuleDescription rule) {
    String where =
        rule.decidesIn() == Policy.ANY
            ? "programs that may be executed"
            : rule.decidesIn() == Policy.PATH
                ? "programs on the PATH"
                : "what a build starts through";
    return switch (rule.effect()) {
      case DECIDES -> "The verdict follows from it, for " + where + ".";
      case SUPPORTS -> "The verdict follows from it only where no C library was found.";
      case ADVICE ->
          "It is advice: the image works, but slowly. The verdict does not follow from it.";
      case INFORMS -> "It informs: the verdict does not follow from it.";
    };
  }

  private static Offer offer(RulePack pack, RuntimeProfile runtime, String capability) {
    return pack.target(runtime.id()).offers().stream()
        .filter(o -> o.capability().equals(capability))
        .findFirst()
        .orElseThrow();
  }

  private static void lacking(RuleDescription rule, RulePack pack, PrintWriter out) {
    List<String> lacking =
        pack.runtimes().stream()
            .filter(r -> !offer(pack, r, rule.requires().orElseThrow()).available())
            .map(RuntimeProfile::id)
            .toList();
    out.println(
        "  It is said for runtimes whose guests lack "
            + rule.capability().orElse("")
            + ": "
            + (lacking.isEmpty() ? "none that is known" : String.join(", ", lacking))
            + ".");
  }

  /** Each runtime in a line, and each remedy once, with all that it holds for. */
  private static void kernels(
      RuleDescription rule, String capability, RulePack pack, PrintWriter out, Colours colours) {
    boolean advice = rule.effect() == Effect.ADVICE;
    int width = pack.runtimes().stream().mapToInt(r -> r.id().length()).max().orElse(0);
    Map<String, Set<String>> remedies = new LinkedHashMap<>();
    for (RuntimeProfile runtime : pack.runtimes()) {
      Offer offer = offer(pack, runtime, capability);
      String outcome =
          !offer.available()
              ? offer.kernelParams().isEmpty()
                  ? (advice ? "is slow" : "does not run")
                  : (advice ? "is slow without " : "needs ")
                      + String.join(" ", offer.kernelParams())
              : offer.stated() ? "runs" : "runs, as far as is known";
      out.println(
          "  "
              + String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s", runtime.id())
              + "  "
              + Printable.of(outcome + offer.why().map(w -> " (" + w + ")").orElse("")));
      offer
          .elsewhere()
          .forEach(other -> out.println("  " + " ".repeat(width) + "  but " + Printable.of(other)));
      for (Remedy remedy : runtime.remedies(capability)) {
        String what =
            remedy.kernelParams().isEmpty()
                ? remedy.text().orElse("")
                : String.join(" ", remedy.kernelParams())
                    + remedy.text().map(t -> " (" + t + ")").orElse("");
        remedies
            .computeIfAbsent(what, k -> new LinkedHashSet<>())
            .add(remedy.holdsFor().orElse(runtime.id()));
      }
    }
    out.println();
    remedies.forEach(
        (what, holdsFor) ->
            out.println(
                "  "
                    + colours.styled("remedy:", Style.fg_green)
                    + " "
                    + Printable.of(what + ", on " + String.join(", ", holdsFor))));
  }

  /** The summary, with dots where a finding has what it found. */
  private static String template(RuleDescription rule) {
    return rule.summary().replaceAll("\\{[a-z]+\\}", "…");
  }

  private static String name(Effect effect) {
    return effect.name().toLowerCase(Locale.ROOT);
  }
}
