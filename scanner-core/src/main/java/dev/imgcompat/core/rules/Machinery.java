package dev.imgcompat.core.rules;

import dev.imgcompat.core.elf.ElfFacts;
import java.util.Map;
import java.util.Set;

/**
 * Which machines' code an architecture of the OCI image specification stands for.
 *
 * @param own what programs of that architecture have as their machine
 * @param run whatever a kernel of that architecture may run, perhaps by an option
 */
record Machinery(Set<String> own, Set<String> run) {
  private static final Machinery UNKNOWN = new Machinery(Set.of(), Set.of());

  private static final Set<String> X86 = Set.of("x86-64", "x32", "i386");
  private static final Set<String> ARM = Set.of("aarch64", "arm");

  /** By GOARCH, with the names of {@code Machines}. */
  private static final Map<String, Machinery> KNOWN =
      Map.of(
          "amd64", new Machinery(Set.of("x86-64"), X86),
          "386", new Machinery(Set.of("i386"), X86),
          "arm64", new Machinery(Set.of("aarch64"), ARM),
          "arm", new Machinery(Set.of("arm"), ARM),
          "s390x", new Machinery(Set.of("s390"), Set.of("s390")),
          "ppc64le", new Machinery(Set.of("ppc64"), Set.of("ppc64", "ppc")),
          "riscv64", new Machinery(Set.of("riscv"), Set.of("riscv")),
          "loong64", new Machinery(Set.of("loongarch"), Set.of("loongarch")));

  static Machinery of(String architecture) {
    return KNOWN.getOrDefault(architecture, UNKNOWN);
  }

  boolean isKnown() {
    return !own.isEmpty();
  }

  /** Whether a file is of the architecture itself. */
  boolean isNative(ElfFacts elf) {
    return own.contains(elf.machineName());
  }

  /** Whether no kernel of the architecture runs a file, whatever its options. */
  boolean isOther(ElfFacts elf) {
    return isOther(elf.machineName());
  }

  /** The same of a machine by its name. */
  boolean isOther(String machine) {
    return isKnown() && !run.contains(machine);
  }
}
