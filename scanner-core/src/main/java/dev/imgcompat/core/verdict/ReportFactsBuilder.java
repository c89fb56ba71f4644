package dev.imgcompat.core.verdict;

import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rootfs.ElfFile;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rules.Distribution;
import dev.imgcompat.core.verdict.ReportFacts.DamagedElf;
import dev.imgcompat.core.verdict.ReportFacts.ElfCounts;
import dev.imgcompat.core.verdict.ReportFacts.ReportDistribution;
import dev.imgcompat.core.verdict.ReportFacts.ReportElfFile;
import dev.imgcompat.core.verdict.ReportFacts.ReportLayer;
import dev.imgcompat.core.verdict.ReportFacts.ReportLibc;
import dev.imgcompat.core.verdict.ReportFacts.ReportRpm;
import dev.imgcompat.core.verdict.ReportFacts.ReportStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** Puts the facts of an image into the form of the report. */
public final class ReportFactsBuilder {
  private static final int MAX_DAMAGED = 20;

  private ReportFactsBuilder() {}

  /**
   * Builds the facts.
   *
   * @param digests gives the digests of the layers by index
   * @param listElf whether every ELF file is wanted
   */
  public static ReportFacts build(
      ImageFacts facts,
      Optional<Distribution> distribution,
      List<ReportLayer> layers,
      IntFunction<Optional<Digest>> digests,
      boolean listElf) {
    return new ReportFacts(
        distribution.map(
            d -> new ReportDistribution(d.id(), d.version(), d.family(), d.name(), d.source())),
        facts
            .libc()
            .map(l -> new ReportLibc(l.family(), l.version(), l.path(), l.machine(), l.source())),
        facts.rpm().map(r -> new ReportRpm(r.version().orElse(""), r.path(), r.source())),
        counts(facts.elfFiles()),
        facts.start().stream()
            .map(
                s ->
                    new ReportStart(
                        s.command(), s.resolved(), s.script(), s.interpreter(), s.libc()))
            .toList(),
        List.copyOf(layers),
        listElf
            ? Optional.of(facts.elfFiles().stream().map(f -> elfFile(f, digests)).toList())
            : Optional.empty());
  }

  private static ElfCounts counts(List<ElfFile> files) {
    int class32 = 0;
    int class32Paths = 0;
    int relocatable32 = 0;
    Map<String, Integer> machines = new TreeMap<>();
    List<DamagedElf> damaged = new ArrayList<>();
    for (ElfFile file : files) {
      ElfFacts elf = file.elf();
      machines.merge(elf.machineName(), 1, Integer::sum);
      if (elf.elfClass() == 32 && elf.isLinked()) {
        class32++;
        class32Paths += file.paths().size();
      } else if (elf.elfClass() == 32 && elf.type() == ElfFacts.REL) {
        relocatable32++;
      }
      if (elf.damage().isPresent() && damaged.size() < MAX_DAMAGED) {
        damaged.add(new DamagedElf(file.path(), elf.damage().get()));
      }
    }
    return new ElfCounts(
        files.size(), class32, class32Paths, relocatable32, machines, List.copyOf(damaged));
  }

  private static ReportElfFile elfFile(ElfFile file, IntFunction<Optional<Digest>> digests) {
    ElfFacts elf = file.elf();
    return new ReportElfFile(
        file.paths(),
        elf.elfClass(),
        elf.machineName(),
        switch (elf.type()) {
          case ElfFacts.REL -> "REL";
          case ElfFacts.EXEC -> "EXEC";
          case ElfFacts.DYN -> "DYN";
          case 4 -> "CORE";
          default -> Integer.toString(elf.type());
        },
        switch (elf.osAbi()) {
          case 0 -> "SYSV";
          case 3 -> "GNU";
          case 9 -> "FreeBSD";
          default -> Integer.toString(elf.osAbi());
        },
        elf.abi().map(tag -> (tag.os() == 0 ? "Linux " : "os " + tag.os() + " ") + tag.kernel()),
        elf.interpreter(),
        elf.soname(),
        file.executable(),
        file.scope().name(),
        digests.apply(file.layer()));
  }
}
