package dev.imgcompat.core.elf;

import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How the header of a file is laid out, judged as a kernel does, so that an author cannot hide a
 * program behind bytes that Linux ignores.
 *
 * @param wide whether the 64-bit layout applies
 * @param order of the bytes
 * @param declaredClass what {@code EI_CLASS} says, 32 or 64, or 0 for anything else
 * @param osAbi {@code EI_OSABI}
 * @param machine {@code e_machine}
 * @param type {@code e_type}
 * @param programHeaders {@code e_phoff}
 * @param programHeaderSize {@code e_phentsize}
 * @param programHeaderCount {@code e_phnum}
 * @param complete whether the whole header was there
 */
record ElfLayout(
    boolean wide,
    ByteOrder order,
    int declaredClass,
    int osAbi,
    int machine,
    int type,
    long programHeaders,
    int programHeaderSize,
    int programHeaderCount,
    boolean complete) {
  private static final int PHDR32 = 32;
  private static final int PHDR64 = 56;

  /** Machines that have no 64-bit layout: sparc, i386, m68k, parisc, sparc32plus, ppc, arm, sh. */
  private static final Set<Integer> ALWAYS_32 =
      Set.of(2, Machines.I386, 4, Machines.I486, 15, 18, 20, Machines.ARM, 42);

  /** The little-endian machines of the build clusters; {@code EI_DATA} says nothing to them. */
  private static final Set<Integer> LITTLE_ENDIAN =
      Set.of(Machines.I386, Machines.I486, Machines.X86_64, Machines.AARCH64, 243);

  static ElfLayout of(RetainedBytes bytes) {
    int identClass = octet(bytes, 4);
    int declaredClass = identClass == 1 ? 32 : identClass == 2 ? 64 : 0;
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    int machine = bytes.u16(18).orElse(0);
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    if (octet(bytes, 5) == 2 && !LITTLE_ENDIAN.contains(machine)) {
      order = ByteOrder.BIG_ENDIAN;
      bytes.order(order);
      machine = bytes.u16(18).orElse(0);
    }
    boolean wide = isWide(bytes, machine, declaredClass);
    OptionalLong programHeaders = bytes.word(wide ? 32 : 28, wide);
    OptionalInt size = bytes.u16(wide ? 54 : 42);
    OptionalInt count = bytes.u16(wide ? 56 : 44);
    return new ElfLayout(
        wide,
        order,
        declaredClass,
        octet(bytes, 7),
        machine,
        bytes.u16(16).orElse(0),
        programHeaders.orElse(0),
        size.orElse(0),
        count.orElse(0),
        bytes.slice(0, wide ? 64 : 52) != null);
  }

  /** The class by machine, then by the size of a program header, as {@code load_elf_phdrs} asks. */
  private static boolean isWide(RetainedBytes bytes, int machine, int declaredClass) {
    if (ALWAYS_32.contains(machine)) {
      return false;
    }
    if (bytes.u16(16).orElse(0) == ElfFacts.REL) {
      return declaredClass != 32; // it has no program headers, and no kernel reads it
    }
    boolean fits64 = bytes.u16(54).orElse(0) == PHDR64;
    boolean fits32 = bytes.u16(42).orElse(0) == PHDR32;
    if (fits64 != fits32) {
      return fits64;
    }
    return declaredClass != 32;
  }

  /** Whether the program headers have the size that the kernel demands. */
  boolean hasProgramHeaders() {
    return programHeaderCount > 0 && programHeaderSize == (wide ? PHDR64 : PHDR32);
  }

  /** Whether it has code that could call the vsyscall page. */
  boolean isX86_64Code() {
    return wide && machine == Machines.X86_64 && (type == ElfFacts.EXEC || type == ElfFacts.DYN);
  }

  /** Where the program headers end in the file. */
  long programHeadersEnd() {
    long length = hasProgramHeaders() ? (long) programHeaderCount * programHeaderSize : 0;
    return programHeaders < 0 || programHeaders > Long.MAX_VALUE - length
        ? Long.MAX_VALUE
        : programHeaders + length;
  }

  private static int octet(RetainedBytes bytes, long offset) {
    var at = bytes.slice(offset, 1);
    return at == null ? 0 : Byte.toUnsignedInt(at.get(0));
  }
}
