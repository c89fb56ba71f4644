package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFacts;
import dev.imgcompat.core.verdict.ReportFacts.ElfCounts;
import dev.imgcompat.core.verdict.ReportFacts.ReportLayer;
import dev.imgcompat.core.verdict.ReportFacts.ReportStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The facts of an image, as the page names them. */
final class PageFacts {
  /** A fact: its name, and what holds, one line each. */
  record Fact(String name, List<String> values) {}

  private final List<Fact> facts = new ArrayList<>();

  private PageFacts() {}

  static List<Fact> of(GateImage image) {
    PageFacts facts = new PageFacts();
    ImageReport report = image.image();
    report.facts().ifPresent(facts::ofFiles);
    if (!report.canonical().equals(report.reference())) {
      facts.add("Reference in full", report.canonical());
    }
    report.digest().map(Digest::value).ifPresent(d -> facts.add("Digest", d));
    report.indexDigest().map(Digest::value).ifPresent(d -> facts.add("Digest of the index", d));
    report.configDigest().map(Digest::value).ifPresent(d -> facts.add("Image id", d));
    facts.add("Scanned", report.scannedAt());
    return facts.facts;
  }

  private void ofFiles(ReportFacts of) {
    of.distribution()
        .ifPresent(
            d ->
                add(
                    "Distribution",
                    d.name() + d.version().map(v -> " " + v).orElse(""),
                    "family " + d.family() + ", by " + d.source()));
    of.libc()
        .ifPresent(
            l ->
                add(
                    "C library",
                    l.family() + l.version().map(v -> " " + v).orElse(""),
                    l.path() + l.machine().map(m -> ", " + m).orElse("") + ", by " + l.source()));
    of.rpm().ifPresent(r -> add("rpm", r.version(), r.path() + ", by " + r.source()));
    elf(of.elf());
    if (!of.start().isEmpty()) {
      add("Starts through", of.start().stream().map(PageFacts::start).toArray(String[]::new));
    }
    if (!of.layers().isEmpty()) {
      long bytes = of.layers().stream().mapToLong(ReportLayer::bytes).sum();
      add("Layers", of.layers().size() + ", " + String.format(Locale.ROOT, "%.1f MB", bytes / 1e6));
    }
  }

  private void elf(ElfCounts elf) {
    List<String> lines = new ArrayList<>();
    lines.add(elf.files() + ", of class 32: " + elf.class32());
    if (elf.class32Paths() > elf.class32()) {
      lines.add("those of class 32 under " + elf.class32Paths() + " paths");
    }
    if (!elf.machines().isEmpty()) {
      lines.add(
          elf.machines().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(e -> e.getKey() + ": " + e.getValue())
              .collect(Collectors.joining(", ")));
    }
    add("ELF files", lines.toArray(String[]::new));
    if (!elf.damaged().isEmpty()) {
      add(
          "Damaged ELF files",
          elf.damaged().stream().map(d -> d.path() + ": " + d.reason()).toArray(String[]::new));
    }
  }

  private static String start(ReportStart start) {
    return start.command()
        + start.resolved().filter(r -> !r.equals(start.command())).map(r -> " → " + r).orElse("")
        + start.script().map(s -> ", script " + s).orElse("");
  }

  private void add(String name, String... values) {
    facts.add(new Fact(name, List.of(values).stream().map(Printable::of).toList()));
  }
}
