package dev.imgcompat.core.elf;

import java.util.List;
import java.util.Optional;

/**
 * What one ELF file says of itself.
 *
 * @param elfClass 32 or 64: the layout that the kernel would read, which goes by {@code e_machine}
 *     and {@code e_phentsize}; {@code EI_CLASS} is not asked (Linux fs/binfmt_elf.c,
 *     elf_check_arch)
 * @param declaredClass what {@code EI_CLASS} says, 32 or 64, or 0 for anything else
 * @param machine {@code e_machine}
 * @param type {@code e_type}: 1 relocatable, 2 executable, 3 shared object or PIE, 4 core
 * @param osAbi {@code EI_OSABI}
 * @param interpreter {@code PT_INTERP}
 * @param dynamic whether there is a {@code PT_DYNAMIC}
 * @param pie whether {@code DT_FLAGS_1} has {@code DF_1_PIE}
 * @param soname {@code DT_SONAME}
 * @param needed {@code DT_NEEDED}, in order
 * @param rpath {@code DT_RPATH}
 * @param runpath {@code DT_RUNPATH}
 * @param defines the names of the symbol versions that it defines ({@code DT_VERDEF}), such as
 *     {@code GLIBC_2.12}
 * @param abi {@code NT_GNU_ABI_TAG}: operating system and least kernel version
 * @param noteOwners the names of the owners of its notes, such as {@code GNU} or {@code FreeBSD}
 * @param clocks which of the functions of glibc that may call the vsyscall page a dynamic x86-64
 *     file imports: {@code time}, {@code gettimeofday}, {@code sched_getcpu}; absent where its
 *     symbols were not read
 * @param vsyscall what its code has to do with the vsyscall page
 * @param damage why a part of the file could not be read, if so
 */
public record ElfFacts(
    int elfClass,
    int declaredClass,
    int machine,
    int type,
    int osAbi,
    Optional<String> interpreter,
    boolean dynamic,
    boolean pie,
    Optional<String> soname,
    List<String> needed,
    Optional<String> rpath,
    Optional<String> runpath,
    List<String> defines,
    Optional<AbiTag> abi,
    List<String> noteOwners,
    Optional<List<String>> clocks,
    VsyscallCode vsyscall,
    Optional<String> damage) {
  public static final int REL = 1;
  public static final int EXEC = 2;
  public static final int DYN = 3;

  public ElfFacts {
    needed = List.copyOf(needed);
    defines = List.copyOf(defines);
    noteOwners = List.copyOf(noteOwners);
    clocks = clocks.map(List::copyOf);
  }

  /**
   * The {@code NT_GNU_ABI_TAG} note.
   *
   * @param os 0 Linux, 1 Hurd, 2 Solaris, 3 FreeBSD
   * @param kernel least kernel version, such as {@code 2.6.18}
   */
  public record AbiTag(int os, String kernel) {}

  /** Whether this is x32: the 32-bit layout on x86-64. */
  public boolean isX32() {
    return elfClass == 32 && machine == Machines.X86_64;
  }

  /** Whether this is an executable or a shared object, rather than a relocatable or a core. */
  public boolean isLinked() {
    return type == EXEC || type == DYN;
  }

  /**
   * Whether this is meant to be run: an ET_EXEC, or an ET_DYN that is a PIE (marked so, or with an
   * interpreter and no soname; shared libraries can carry an interpreter, too).
   */
  public boolean isProgram() {
    return type == EXEC || (type == DYN && (pie || (soname.isEmpty() && interpreter.isPresent())));
  }

  /**
   * Whether this is a program of another operating system, by its interpreter and notes. {@code
   * EI_OSABI} alone proves nothing: Linux ignores it.
   */
  public boolean isForeign() {
    if (abi.filter(tag -> tag.os() != 0).isPresent()) {
      return true;
    }
    if (noteOwners.stream()
        .anyMatch(
            o ->
                o.equals("FreeBSD")
                    || o.equals("NetBSD")
                    || o.equals("OpenBSD")
                    || o.equals("DragonFly"))) {
      return true;
    }
    return interpreter
        .filter(
            i ->
                i.equals("/libexec/ld-elf.so.1")
                    || i.equals("/usr/libexec/ld-elf.so.1")
                    || i.equals("/usr/libexec/ld.elf_so")
                    || i.equals("/usr/libexec/ld.so")
                    || i.equals("/lib/ld.so"))
        .isPresent();
  }

  /** Whether no loader is asked for: what it runs, it holds itself. */
  public boolean isStatic() {
    return interpreter.isEmpty() && (type == EXEC || (type == DYN && pie));
  }

  /** The name of the machine; x32 has one of its own. */
  public String machineName() {
    return isX32() ? "x32" : Machines.name(machine);
  }
}
