package dev.imgcompat.core.rules;

import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rootfs.ElfFile;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.Libc;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rootfs.StartProblem;
import dev.imgcompat.core.rootfs.StartProgram;
import dev.imgcompat.core.rootfs.Tool;
import dev.imgcompat.core.rootfs.Versions;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Says of an image what rules can be about. */
final class Signals {
  /** Where a devmapper snapshot of the default size begins to be full. */
  private static final long LARGE_BYTES = 8_000_000_000L;

  private static final int MAX_MACHINES = 5;

  private static final Set<String> ENGINES = Set.of("dockerd", "podman", "buildkitd");

  private final ImageFacts facts;
  private final IntFunction<Optional<Digest>> layers;
  private final String platform;
  private final Machinery machinery;
  private final Map<String, StartProgram> startByPath = new HashMap<>();

  Signals(ImageFacts facts, IntFunction<Optional<Digest>> layers) {
    this.facts = facts;
    this.layers = layers;
    this.platform = facts.platform().os() + "/" + facts.platform().architecture();
    this.machinery = Machinery.of(facts.platform().architecture());
    for (StartProgram program : facts.start()) {
      program.resolved().ifPresent(path -> startByPath.putIfAbsent(path, program));
    }
  }

  List<Signal> all(Optional<Distribution> distribution) {
    List<Signal> signals = new ArrayList<>();
    facts.elfFiles().forEach(file -> signals.add(elf(file)));
    LibcSignals libcs = new LibcSignals(facts, layers, platform);
    facts.libcs().forEach(use -> signals.add(libcs.of(use)));
    distribution.map(this::distribution).ifPresent(signals::add);
    facts.tools().forEach(tool -> signals.add(tool(tool)));
    for (StartProgram program : facts.start()) {
      program.problem().ifPresent(problem -> signals.add(problem(program, problem)));
    }
    mismatch().ifPresent(signals::add);
    leastKernel().ifPresent(signals::add);
    facts.volumes().stream()
        .filter(v -> v.matches("/var/lib/(?:docker|containers)(?:/.*)?"))
        .findFirst()
        .ifPresent(v -> signals.add(image("container-volume", "", "the config's volume " + v)));
    if (facts.unpacked() >= LARGE_BYTES) {
      BigDecimal gigabytes =
          BigDecimal.valueOf(facts.unpacked()).divide(BigDecimal.valueOf(1_000_000_000L));
      signals.add(
          image("large", gigabytes.setScale(1, RoundingMode.HALF_UP).toPlainString(), "unpacked"));
    }
    return signals;
  }

  private Signal image(String trait, String version, String detail) {
    return Signal.of(Signal.Kind.IMAGE, Scope.ANY, platform)
        .traits(Set.of(trait))
        .version(version)
        .evidence(List.of(new Evidence("/", Optional.empty(), detail)))
        .build();
  }

  private Signal elf(ElfFile file) {
    ElfFacts elf = file.elf();
    return Signal.of(Signal.Kind.ELF, file.scope(), platform)
        .traits(traits(file))
        .elf(elf.elfClass(), elf.machineName())
        .version(file.linkedGlibc().orElse(""))
        .evidence(
            () -> List.of(new Evidence(startPath(file), layers.apply(file.layer()), detail(file))))
        .chain(() -> chain(file))
        .build();
  }

  private static String detail(ElfFile file) {
    ElfFacts elf = file.elf();
    StringBuilder detail = new StringBuilder();
    detail.append("class ").append(elf.elfClass()).append(' ').append(elf.machineName());
    detail.append(
        elf.isProgram() ? " program" : elf.isLinked() ? " shared object" : " relocatable");
    if (file.paths().size() > 1) {
      detail.append(", one of ").append(file.paths().size()).append(" hard links");
    }
    if (elf.vsyscall().callCount() > 0) {
      detail.append(elf.isStatic() ? ", statically linked; " : "; ");
      detail.append(LibcSignals.calls(elf.vsyscall()));
    }
    return detail.toString();
  }

  private Set<String> traits(ElfFile file) {
    ElfFacts elf = file.elf();
    Set<String> traits = new TreeSet<>();
    if (elf.isProgram()) {
      traits.add("program");
      traits.add(elf.isStatic() ? "static" : "dynamic");
    } else if (!isOfGlibc(elf)) {
      traits.add("library");
    }
    if (machinery.isOther(elf)) {
      traits.add("other-machine");
    }
    traits.add(LibcSignals.trait(elf.vsyscall()));
    return traits;
  }

  /** The parts of glibc have call sites of their own; the rules on C libraries are about them. */
  private static boolean isOfGlibc(ElfFacts elf) {
    return elf.soname()
        .filter(name -> name.matches("(?:libc|libpthread|librt|ld-linux-x86-64)\\.so\\.\\d+"))
        .isPresent();
  }

  private List<String> chain(ElfFile file) {
    List<String> chain = new ArrayList<>();
    String path = startPath(file);
    StartProgram start = startByPath.get(path);
    if (start != null) {
      chain.addAll(start.steps());
    } else if (file.scope() == Scope.PATH) {
      chain.add(path + " is on the PATH");
    } else if (file.scope() == Scope.ANY) {
      chain.add(path + " may be executed, though it is not on the PATH");
    } else if (file.scope() == Scope.INERT) {
      chain.add(path + " is nothing that this image would run");
    }
    chain.add(path + ": " + detail(file));
    return chain;
  }

  /** Of a file with many names, the one through which a build starts. */
  private String startPath(ElfFile file) {
    return file.paths().stream().filter(startByPath::containsKey).findFirst().orElse(file.path());
  }

  private Signal distribution(Distribution distribution) {
    String machine =
        facts
            .libc()
            .flatMap(Libc::machine)
            .orElse(facts.platform().architecture().equals("amd64") ? "x86-64" : platform);
    Evidence evidence =
        new Evidence(distribution.source(), distribution.layer(), distribution.title());
    return Signal.of(Signal.Kind.DISTRIBUTION, Scope.START, platform)
        .machine(machine)
        .family(distribution.family())
        .version(distribution.version().orElse(""))
        .glibc(distribution.glibc().orElse(""))
        .name(distribution.title())
        .evidence(List.of(evidence))
        .chain(List.of(distribution.source() + " says " + distribution.title()))
        .build();
  }

  private Signal tool(Tool tool) {
    String detail = tool.name() + tool.version().map(v -> " " + v).orElse("");
    Set<String> traits = new TreeSet<>();
    if (ENGINES.contains(tool.name())) {
      traits.add("container-engine");
    }
    if (tool.scope() == Scope.START) {
      traits.add("start");
    }
    return Signal.of(Signal.Kind.TOOL, tool.scope(), platform)
        .traits(traits)
        .family(tool.name())
        .version(tool.version().orElse(""))
        .evidence(List.of(new Evidence(tool.path(), layers.apply(tool.layer()), detail)))
        .chain(List.of("the image has " + detail + ": " + tool.path()))
        .build();
  }

  private Signal problem(StartProgram program, StartProblem problem) {
    String trait = problem.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return Signal.of(Signal.Kind.START, Scope.START, platform)
        .traits(Set.of(trait))
        .name(program.command())
        .evidence(
            List.of(new Evidence(problem.path(), layers.apply(program.layer()), problem.text())))
        .chain(program.steps())
        .build();
  }

  /** The start programs, or else all programs, where none is of the machine of the config. */
  private Optional<Signal> mismatch() {
    List<ElfFile> start = facts.elfFiles().stream().filter(f -> f.scope() == Scope.START).toList();
    List<ElfFile> programs =
        start.isEmpty() ? facts.elfFiles().stream().filter(ElfFile::isRun).toList() : start;
    if (!machinery.isKnown()
        || programs.isEmpty()
        || programs.stream().anyMatch(f -> machinery.isNative(f.elf()))) {
      return Optional.empty();
    }
    String machines =
        programs.stream()
            .map(f -> f.elf().machineName())
            .distinct()
            .sorted()
            .limit(MAX_MACHINES)
            .collect(Collectors.joining(", "));
    ElfFile first = programs.get(0);
    return Optional.of(
        Signal.of(Signal.Kind.IMAGE, Scope.START, platform)
            .traits(
                start.isEmpty() && programs.stream().allMatch(f -> machinery.isOther(f.elf()))
                    ? Set.of("platform-mismatch", "nothing-runs")
                    : Set.of("platform-mismatch"))
            .machine(machines)
            .name(platform)
            .evidence(
                List.of(
                    new Evidence(
                        startPath(first),
                        layers.apply(first.layer()),
                        "class "
                            + first.elf().elfClass()
                            + " "
                            + first.elf().machineName()
                            + ", in an image for "
                            + platform)))
            .build());
  }

  /** The highest of the least kernel versions that the start programs and their libraries state. */
  private Optional<Signal> leastKernel() {
    Set<String> paths = new TreeSet<>();
    for (StartProgram program : facts.start()) {
      program.resolved().ifPresent(paths::add);
      program.libc().ifPresent(paths::add);
    }
    return facts.elfFiles().stream()
        .filter(f -> f.paths().stream().anyMatch(paths::contains))
        .filter(f -> f.elf().abi().filter(tag -> tag.os() == 0).isPresent())
        .max(Comparator.comparing(f -> Versions.key(f.elf().abi().orElseThrow().kernel())))
        .map(
            f -> {
              String kernel = f.elf().abi().orElseThrow().kernel();
              return Signal.of(Signal.Kind.IMAGE, Scope.START, platform)
                  .traits(Set.of("least-kernel"))
                  .version(kernel)
                  .evidence(
                      List.of(
                          new Evidence(
                              startPath(f),
                              layers.apply(f.layer()),
                              "its ABI note asks for Linux " + kernel)))
                  .build();
            });
  }
}
