package dev.imgcompat.core.rules;

import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.elf.VsyscallCode;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rootfs.ElfFile;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.Libc;
import dev.imgcompat.core.rootfs.LibcUse;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
  /** How many call sites an explanation names one by one. */
  private static final int MAX_CALLS = 4;

  /** Where a devmapper snapshot of the default size begins to be full. */
  private static final long LARGE_BYTES = 8_000_000_000L;

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
    facts.libcs().forEach(use -> signals.add(libc(use)));
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

  // --- ELF files

  private Signal elf(ElfFile file) {
    ElfFacts elf = file.elf();
    StringBuilder detail = new StringBuilder();
    detail.append("class ").append(elf.elfClass()).append(' ').append(elf.machineName());
    detail.append(
        elf.isProgram() ? " program" : elf.isLinked() ? " shared object" : " relocatable");
    if (file.paths().size() > 1) {
      detail.append(", one of ").append(file.paths().size()).append(" hard links");
    }
    if (elf.vsyscall().callCount() > 0) {
      detail.append(elf.isStatic() ? ", statically linked; " : "; ").append(calls(elf.vsyscall()));
    }
    String path = startPath(file);
    return Signal.of(Signal.Kind.ELF, file.scope(), platform)
        .traits(traits(file))
        .elf(elf.elfClass(), elf.machineName())
        .version(file.linkedGlibc().orElse(""))
        .evidence(List.of(new Evidence(path, layers.apply(file.layer()), detail.toString())))
        .chain(chain(file, path, detail.toString()))
        .build();
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
    traits.add(code(elf.vsyscall()));
    return traits;
  }

  private static String code(VsyscallCode code) {
    return code.callCount() > 0 ? "calls-vsyscall" : code.whole() ? "no-calls" : "code-unread";
  }

  /** The parts of glibc have call sites of their own; the rules on C libraries are about them. */
  private static boolean isOfGlibc(ElfFacts elf) {
    return elf.soname()
        .filter(name -> name.matches("(?:libc|libpthread|librt|ld-linux-x86-64)\\.so\\.\\d+"))
        .isPresent();
  }

  private List<String> chain(ElfFile file, String path, String detail) {
    List<String> chain = new ArrayList<>();
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
    chain.add(path + ": " + detail);
    return chain;
  }

  /** Of a file with many names, the one through which a build starts. */
  private String startPath(ElfFile file) {
    return file.paths().stream().filter(startByPath::containsKey).findFirst().orElse(file.path());
  }

  // --- C libraries

  private Signal libc(LibcUse use) {
    Libc libc = use.libc();
    boolean threads = use.threads().isPresent();
    String code = threads ? "calls-vsyscall" : libc.code().map(Signals::code).orElse("code-unread");
    List<Evidence> evidence = new ArrayList<>();
    String detail =
        libc.family()
            + libc.version().map(v -> " " + v).orElse("")
            + " ("
            + libc.source()
            + ")"
            + libc.code().filter(c -> c.callCount() > 0).map(c -> "; " + calls(c)).orElse("")
            + (code.equals("no-calls") && libc.machine().equals(Optional.of("x86-64"))
                ? "; no call of the vsyscall page in its code"
                : "");
    evidence.add(new Evidence(libc.path(), layers.apply(libc.layer()), detail));
    use.threads()
        .ifPresent(
            t ->
                evidence.add(
                    new Evidence(t.path(), layers.apply(t.layer()), calls(t.elf().vsyscall()))));
    Map<String, List<StartProgram>> loading = loading(libc);
    loading.forEach((path, programs) -> evidence.add(loads(libc, path, programs)));
    if (loading.isEmpty()) {
      use.examples().stream()
          .limit(1)
          .forEach(
              path ->
                  evidence.add(
                      new Evidence(
                          path,
                          Optional.empty(),
                          "loads it, one of " + use.programs() + " programs")));
    }
    return Signal.of(Signal.Kind.LIBC, scope(use), platform)
        .traits(Set.of(code))
        .machine(libc.machine().orElse("unknown"))
        .family(libc.family())
        .version(libc.version().orElse(""))
        .name(effect(use, loading))
        .evidence(evidence)
        .chain(chain(use, loading, detail))
        .build();
  }

  /** A C library that is a start program's own code is as important as that. */
  private Scope scope(LibcUse use) {
    return startByPath.containsKey(use.libc().path()) ? Scope.START : use.scope();
  }

  /** By path, the start programs that load a C library. */
  private Map<String, List<StartProgram>> loading(Libc libc) {
    Map<String, List<StartProgram>> loading = new LinkedHashMap<>();
    for (StartProgram program : facts.start()) {
      if (program.libc().equals(Optional.of(libc.path())) && program.resolved().isPresent()) {
        loading.computeIfAbsent(program.resolved().get(), k -> new ArrayList<>()).add(program);
      }
    }
    return loading;
  }

  private Evidence loads(Libc libc, String path, List<StartProgram> programs) {
    List<String> names =
        programs.stream()
            .map(StartProgram::command)
            .filter(command -> !command.equals(path))
            .toList();
    return new Evidence(
        path,
        layers.apply(programs.get(0).layer()),
        (names.isEmpty()
                ? ""
                : "is what " + listed(names) + (names.size() == 1 ? " starts; " : " start; "))
            + "loads "
            + libc.path()
            + calledClocks(libc, programs.get(0))
                .map(c -> c.isEmpty() ? "" : " and imports " + String.join(", ", c))
                .orElse(""));
  }

  /**
   * Which functions of a C library that call the page a program imports; empty where that is not
   * known.
   */
  private static Optional<Set<String>> calledClocks(Libc libc, StartProgram program) {
    Optional<VsyscallCode> code = libc.code().filter(c -> c.callCount() > 0);
    if (code.isEmpty() || program.clocks().isEmpty()) {
      return Optional.empty();
    }
    Set<String> called = new LinkedHashSet<>();
    for (VsyscallCode.Call call : code.get().calls()) {
      String function = call.function().equals("getcpu") ? "sched_getcpu" : call.function();
      if (program.clocks().get().contains(function)) {
        called.add(function);
      }
    }
    return Optional.of(called);
  }

  /** What happens to the start programs: bash asks for the time at once, dash never does. */
  private static String effect(LibcUse use, Map<String, List<StartProgram>> loading) {
    List<String> dying = new ArrayList<>();
    List<String> starting = new ArrayList<>();
    boolean certain = true;
    for (Map.Entry<String, List<StartProgram>> entry : loading.entrySet()) {
      List<String> all = entry.getValue().stream().map(StartProgram::command).distinct().toList();
      // "/bin/bash" of the config and the "bash" of launchers are one.
      List<String> names =
          all.stream().filter(n -> all.stream().noneMatch(o -> o.endsWith("/" + n))).toList();
      Optional<Set<String>> called = calledClocks(use.libc(), entry.getValue().get(0));
      if (called.isEmpty()) {
        certain = false;
      } else if (called.get().isEmpty()) {
        starting.addAll(names);
      } else {
        dying.addAll(names);
      }
    }
    if (use.programs() == 0) {
      return "no program was found that loads it";
    }
    if (!certain || (dying.isEmpty() && starting.isEmpty())) {
      return use.programs() == 1 ? "1 program loads it" : use.programs() + " programs load it";
    }
    String dies =
        dying.isEmpty()
            ? "what calls time() dies with SIGSEGV"
            : listed(dying)
                + (dying.size() == 1 ? " dies" : " die")
                + " with SIGSEGV (exit code 139)";
    return starting.isEmpty()
        ? dies
        : listed(starting) + (starting.size() == 1 ? " starts, but " : " start, but ") + dies;
  }

  private static String listed(List<String> names) {
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }

  private static List<String> chain(
      LibcUse use, Map<String, List<StartProgram>> loading, String detail) {
    List<String> chain = new ArrayList<>();
    // The program that proves it best: one that is seen to import what calls the page.
    Optional<StartProgram> start =
        loading.values().stream()
            .map(programs -> programs.get(0))
            .min(
                Comparator.comparing(
                    p -> calledClocks(use.libc(), p).filter(c -> !c.isEmpty()).isEmpty()));
    if (start.isPresent()) {
      chain.addAll(start.get().steps());
      calledClocks(use.libc(), start.get())
          .filter(clocks -> !clocks.isEmpty())
          .ifPresent(
              clocks ->
                  chain.add(
                      start.get().resolved().orElse("") + " imports " + String.join(", ", clocks)));
    } else if (!use.examples().isEmpty()) {
      chain.add(String.join(", ", use.examples()) + ": " + use.programs() + " programs load it");
    } else {
      chain.add("no program was found that loads it");
    }
    chain.add(use.libc().path() + " is " + detail);
    use.libc()
        .code()
        .ifPresent(
            code ->
                code.calls().stream()
                    .limit(MAX_CALLS)
                    .forEach(
                        call ->
                            chain.add(
                                String.format(
                                    Locale.ROOT,
                                    "at offset 0x%x of that file its code calls %s in the vsyscall"
                                        + " page",
                                    call.offset(),
                                    call.function()))));
    return chain;
  }

  private static String calls(VsyscallCode code) {
    String functions =
        code.calls().stream()
            .map(VsyscallCode.Call::function)
            .distinct()
            .collect(Collectors.joining(", "));
    return code.callCount()
        + (code.callCount() == 1 ? " call site" : " call sites")
        + " of the vsyscall page: "
        + functions;
  }

  // --- everything else

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
        .chain(List.of(tool.path() + " is " + detail))
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
            .collect(Collectors.joining(", "));
    ElfFile first = programs.get(0);
    return Optional.of(
        Signal.of(Signal.Kind.IMAGE, Scope.START, platform)
            .traits(Set.of("platform-mismatch"))
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
