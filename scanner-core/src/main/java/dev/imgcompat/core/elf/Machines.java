package dev.imgcompat.core.elf;

import java.util.Map;

/**
 * Names of {@code e_machine} values (gABI, "ELF header"), as {@code readelf} and Linux use them.
 */
public final class Machines {
  public static final int I386 = 3;

  /** The same to Linux as {@link #I386} (arch/x86/include/asm/elf.h, elf_check_arch_ia32). */
  public static final int I486 = 6;

  public static final int X86_64 = 62;
  public static final int ARM = 40;
  public static final int AARCH64 = 183;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(2, "sparc"),
          Map.entry(I386, "i386"),
          Map.entry(4, "m68k"),
          Map.entry(I486, "i386"),
          Map.entry(8, "mips"),
          Map.entry(15, "parisc"),
          Map.entry(18, "sparc32plus"),
          Map.entry(20, "ppc"),
          Map.entry(21, "ppc64"),
          Map.entry(22, "s390"),
          Map.entry(ARM, "arm"),
          Map.entry(42, "sh"),
          Map.entry(43, "sparcv9"),
          Map.entry(50, "ia64"),
          Map.entry(X86_64, "x86-64"),
          Map.entry(83, "avr"),
          Map.entry(AARCH64, "aarch64"),
          Map.entry(190, "cuda"),
          Map.entry(224, "amdgpu"),
          Map.entry(243, "riscv"),
          Map.entry(247, "bpf"),
          Map.entry(258, "loongarch"),
          Map.entry(0x9026, "alpha"));

  private Machines() {}

  /** The name of a machine, or its number where it has no common one. */
  public static String name(int machine) {
    return NAMES.getOrDefault(machine, "machine-" + machine);
  }
}
