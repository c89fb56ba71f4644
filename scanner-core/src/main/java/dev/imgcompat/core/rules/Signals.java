package dev.imgcompat.core.rules;

import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rootfs.ElfFile;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.Libc;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rootfs.StartProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Says of an image what rules can be about. */
final class Signals {
  private static final String UNKNOWN = "unknown";

  private final ImageFacts facts;
  private final IntFunction<Optional<Digest>> layers;
  private final String platform;

  Signals(ImageFacts facts, IntFunction<Optional<Digest>> layers) {
    this.facts = facts;
    this.layers = layers;
    this.platform = facts.platform().os() + "/" + facts.platform().architecture();
  }

  List<Signal> all(Optional<Distribution> distribution) {
    List<Signal> signals = new ArrayList<>();
    for (ElfFile file : facts.elfFiles()) {
      if (file.scope() != Scope.INERT) {
        signals.add(elf(file));
      }
    }
    facts.libc().map(this::libc).ifPresent(signals::add);
    distribution.map(this::distribution).ifPresent(signals::add);
    facts
        .rpm()
        .map(
            rpm ->
                new Signal(
                    Signal.Kind.RPM,
                    Scope.ANY,
                    0,
                    UNKNOWN,
                    "rpm",
                    rpm.version(),
                    platform,
                    "",
                    List.of(
                        new Evidence(
                            rpm.path(), layers.apply(rpm.layer()), "rpm " + rpm.version()))))
        .ifPresent(signals::add);
    return signals;
  }

  private Signal elf(ElfFile file) {
    ElfFacts elf = file.elf();
    String more = file.paths().size() > 1 ? ", one of " + file.paths().size() + " hard links" : "";
    String kind = elf.isProgram() ? "program" : "shared object";
    String detail = "class " + elf.elfClass() + " " + elf.machineName() + " " + kind + more;
    return new Signal(
        Signal.Kind.ELF,
        file.scope(),
        elf.elfClass(),
        elf.machineName(),
        "",
        "",
        platform,
        "",
        List.of(new Evidence(startPath(file), layers.apply(file.layer()), detail)));
  }

  /** Of a file with many names, the one through which a build starts. */
  private String startPath(ElfFile file) {
    return facts.start().stream()
        .flatMap(s -> s.resolved().stream())
        .filter(file.paths()::contains)
        .findFirst()
        .orElse(file.path());
  }

  private Signal libc(Libc libc) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(
        new Evidence(
            libc.path(),
            layers.apply(libc.layer()),
            libc.family()
                + libc.version().map(v -> " " + v).orElse("")
                + " ("
                + libc.source()
                + ")"));
    boolean start = false;
    Map<String, List<StartProgram>> loading = new LinkedHashMap<>();
    for (StartProgram program : facts.start()) {
      boolean loads = program.libc().equals(Optional.of(libc.path()));
      start |= loads || program.resolved().equals(Optional.of(libc.path()));
      if (loads && program.resolved().isPresent()) {
        loading.computeIfAbsent(program.resolved().get(), k -> new ArrayList<>()).add(program);
      }
    }
    loading.forEach(
        (path, programs) -> {
          String names =
              programs.stream()
                  .map(StartProgram::command)
                  .filter(command -> !command.equals(path))
                  .collect(Collectors.joining(" and "));
          evidence.add(
              new Evidence(
                  path,
                  layers.apply(programs.get(0).layer()),
                  (names.isEmpty() ? "" : "is what " + names + " starts; ")
                      + "loads "
                      + libc.path()));
        });
    return new Signal(
        Signal.Kind.LIBC,
        start ? Scope.START : dynamicScope(libc),
        0,
        libc.machine().orElse(UNKNOWN),
        libc.family(),
        libc.version().orElse(""),
        platform,
        "",
        evidence);
  }

  /** The scope of the most important program that some C library of that machine would serve. */
  private Scope dynamicScope(Libc libc) {
    return facts.elfFiles().stream()
        .filter(f -> f.elf().isProgram() && f.elf().interpreter().isPresent())
        .filter(f -> libc.machine().map(m -> m.equals(f.elf().machineName())).orElse(true))
        .map(ElfFile::scope)
        .filter(s -> s.compareTo(Scope.LIBRARY) < 0)
        .min(Scope::compareTo)
        .orElse(Scope.LIBRARY);
  }

  private Signal distribution(Distribution distribution) {
    String machine =
        facts
            .libc()
            .flatMap(Libc::machine)
            .orElse(facts.platform().architecture().equals("amd64") ? "x86-64" : platform);
    return new Signal(
        Signal.Kind.DISTRIBUTION,
        Scope.START,
        0,
        machine,
        distribution.family(),
        distribution.version().orElse(""),
        platform,
        distribution.title(),
        List.of(new Evidence(distribution.source(), distribution.layer(), distribution.title())));
  }
}
