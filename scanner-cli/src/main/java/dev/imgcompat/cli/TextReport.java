package dev.imgcompat.cli;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFacts;
import dev.imgcompat.core.verdict.ReportFacts.ElfCounts;
import dev.imgcompat.core.verdict.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi.Style;

/** The report for people. All that comes from an image is made safe for the terminal. */
final class TextReport {
  private final PrintWriter out;
  private final Colours colours;
  private final boolean explain;
  private final boolean verbose;

  /**
   * Creates a report.
   *
   * @param explain whether to tell of each finding how it comes
   * @param verbose whether to show findings on what nothing runs or loads
   */
  TextReport(PrintWriter out, boolean coloured, boolean explain, boolean verbose) {
    this.out = out;
    this.colours = new Colours(coloured);
    this.explain = explain;
    this.verbose = verbose;
  }

  void print(ImageReport image) {
    String platform = image.platform().map(p -> "  " + p).orElse("");
    String digest =
        image
            .digest()
            .map(d -> "  " + d.abbreviated())
            .or(() -> image.configDigest().map(d -> "  image id " + d.abbreviated()))
            .orElse("");
    out.println(
        styled(Printable.of(image.reference()), Style.bold) + Printable.of(platform) + digest);
    image.facts().ifPresent(this::facts);
    verdicts(image.verdicts());
    image.error().ifPresent(e -> out.println("  not scanned: " + e.kind()));
    image.notes().forEach(note -> out.println("  note: " + Printable.of(note)));
    image.facts().flatMap(ReportFacts::elfFiles).ifPresent(files -> files.forEach(this::elfFile));
    out.println();
  }

  private void facts(ReportFacts facts) {
    List<String> parts = new ArrayList<>();
    facts
        .distribution()
        .ifPresent(
            d ->
                parts.add(
                    d.name()
                        + d.version().map(v -> " " + v).orElse("")
                        + (d.family().equals(d.id()) ? "" : " (" + d.family() + " family)")));
    facts
        .libc()
        .ifPresent(
            l ->
                parts.add(
                    l.family()
                        + l.version().map(v -> " " + v).orElse("")
                        + " ("
                        + l.path()
                        + ", "
                        + l.source()
                        + ")"));
    ElfCounts elf = facts.elf();
    parts.add(
        elf.files()
            + " ELF files, "
            + elf.class32()
            + " of class 32"
            + (elf.class32Paths() > elf.class32()
                ? " under " + elf.class32Paths() + " paths"
                : ""));
    out.println("  " + Printable.of(String.join(" · ", parts)));
    if (!elf.damaged().isEmpty()) {
      out.println(
          "  "
              + elf.damaged().size()
              + " damaged ELF files, such as "
              + Printable.of(elf.damaged().get(0).path() + ": " + elf.damaged().get(0).reason()));
    }
  }

  /** What several runtimes have in common is said once. */
  private void verdicts(List<Verdict> verdicts) {
    verdicts.forEach(this::decision);
    List<SharedFinding> findings = SharedFinding.of(verdicts);
    for (SharedFinding shared : findings) {
      if (verbose || shared.finding().scope() != Scope.INERT) {
        finding(shared, verdicts.size() > 1);
      }
    }
    long inert = findings.stream().filter(s -> s.finding().scope() == Scope.INERT).count();
    if (inert > 0 && !verbose) {
      out.println(
          "    note: "
              + inert
              + (inert == 1 ? " finding" : " findings")
              + " on files that nothing runs or loads: --verbose shows "
              + (inert == 1 ? "it" : "them"));
    }
    verdicts.stream()
        .flatMap(v -> v.notes().stream())
        .distinct()
        .forEach(note -> out.println("    note: " + Printable.of(note)));
  }

  private void decision(Verdict verdict) {
    String parameters =
        verdict.kernelParams().isEmpty() ? "" : "  " + String.join(" ", verdict.kernelParams());
    out.println(
        "  "
            + styled(verdict.decision().name(), Colours.of(verdict.decision()), Style.bold)
            + " on "
            + verdict.runtime()
            + styled(Printable.of(parameters), Style.bold));
  }

  private void finding(SharedFinding shared, boolean several) {
    Finding finding = shared.finding();
    String mark =
        finding.effect() == Effect.ADVICE
            ? "advice"
            : finding.scope().name() + (finding.decides() ? "" : ", informs");
    out.println(
        "    "
            + styled(finding.rule(), Style.fg_cyan)
            + " ["
            + mark
            + "] "
            + Printable.of(finding.summary()));
    if (several) {
      out.println("      on " + String.join(", ", shared.runtimes()));
    }
    for (Evidence evidence : finding.evidence()) {
      String layer = evidence.layer().map(Digest::abbreviated).map(d -> "  " + d).orElse("");
      out.println(
          "      "
              + Printable.of(evidence.path())
              + "  "
              + Printable.of(evidence.detail())
              + styled(layer, Style.faint));
    }
    if (finding.evidenceCount() > finding.evidence().size()) {
      out.println("      and " + (finding.evidenceCount() - finding.evidence().size()) + " more");
    }
    if (explain) {
      String because = "because:";
      for (String step : finding.chain()) {
        out.println("      " + styled(because, Style.bold) + " " + Printable.of(step));
        because = "    and:";
      }
    }
    shared.remedies().forEach(this::remedy);
    finding
        .references()
        .forEach(r -> out.println(styled("      see " + Printable.of(r), Style.faint)));
  }

  private void remedy(Remedy remedy) {
    out.println("      " + styled("remedy:", Style.fg_green) + " " + Printable.of(words(remedy)));
  }

  /** A remedy in a line: what, for which versions, and more on it. */
  static String words(Remedy remedy) {
    return remedy.kernelParams().isEmpty()
        ? remedy.text().orElse("") + remedy.holdsFor().map(h -> " (" + h + ")").orElse("")
        : String.join(" ", remedy.kernelParams())
            + remedy.holdsFor().map(h -> " on " + h).orElse("")
            + remedy.text().map(t -> " (" + t + ")").orElse("");
  }

  private void elfFile(ReportFacts.ReportElfFile file) {
    out.println(
        "  "
            + String.format(
                Locale.ROOT,
                "%-7s %d %-9s %-4s ",
                file.scope(),
                file.elfClass(),
                file.machine(),
                file.type())
            + Printable.of(String.join(" ", file.paths()))
            + file.interpreter().map(i -> "  " + Printable.of(i)).orElse("")
            + file.soname().map(s -> "  soname " + Printable.of(s)).orElse(""));
  }

  private String styled(String text, Style... styles) {
    return colours.styled(text, styles);
  }
}
