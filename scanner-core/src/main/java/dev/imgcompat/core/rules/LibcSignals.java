package dev.imgcompat.core.rules;

import dev.imgcompat.core.elf.VsyscallCode;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.Libc;
import dev.imgcompat.core.rootfs.LibcUse;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rootfs.StartProgram;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Says of the C libraries of an image what rules can be about, and what it means for the start. */
final class LibcSignals {
  /** How many call sites an explanation names one by one. */
  private static final int MAX_CALLS = 4;

  private final ImageFacts facts;
  private final IntFunction<Optional<Digest>> layers;
  private final String platform;
  private final Machinery machinery;
  private final Set<String> starts;

  LibcSignals(ImageFacts facts, IntFunction<Optional<Digest>> layers, String platform) {
    this.facts = facts;
    this.layers = layers;
    this.platform = platform;
    this.machinery = Machinery.of(facts.platform().architecture());
    this.starts =
        facts.start().stream()
            .flatMap(program -> program.resolved().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  Signal of(LibcUse use) {
    Libc libc = use.libc();
    String code = libc.code().map(LibcSignals::trait).orElse("code-unread");
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
        .traits(isOther(libc) ? Set.of(code, "other-machine") : Set.of(code))
        .machine(libc.machine().orElse("unknown"))
        .family(libc.family())
        .version(libc.version().orElse(""))
        .name(effect(use, loading))
        .evidence(evidence)
        .chain(chain(use, loading, detail))
        .build();
  }

  private boolean isOther(Libc libc) {
    return libc.machine().filter(machinery::isOther).isPresent();
  }

  /** A C library that is a start program's own code is as important as that. */
  private Scope scope(LibcUse use) {
    return starts.contains(use.libc().path()) ? Scope.START : use.scope();
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
            ? "what calls " + functions(use) + " dies with SIGSEGV"
            : listed(dying)
                + (dying.size() == 1 ? " dies" : " die")
                + " with SIGSEGV (exit code 139)";
    return starting.isEmpty()
        ? dies
        : listed(starting) + (starting.size() == 1 ? " starts, but " : " start, but ") + dies;
  }

  private static String functions(LibcUse use) {
    return use.libc().code().orElse(VsyscallCode.NONE).calls().stream()
        .map(call -> call.function() + "()")
        .distinct()
        .collect(Collectors.joining(" or "));
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

  /** What rules call it. */
  static String trait(VsyscallCode code) {
    return code.callCount() > 0 ? "calls-vsyscall" : code.whole() ? "no-calls" : "code-unread";
  }

  /** The call sites in a few words. */
  static String calls(VsyscallCode code) {
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
}
