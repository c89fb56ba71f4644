package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.elf.ElfFacts;
import java.util.List;
import java.util.Optional;

/**
 * One ELF file of the merged image.
 *
 * @param paths that lead to it, hard links but no symbolic ones, sorted, with a leading slash
 * @param layer index of the layer that has it, bottom first
 * @param elf what it says of itself
 * @param executable whether anybody may execute it
 * @param scope how much the image depends on it
 * @param linkedGlibc the version of the glibc that is linked into it, where its bytes tell
 */
public record ElfFile(
    List<String> paths,
    int layer,
    ElfFacts elf,
    boolean executable,
    Scope scope,
    Optional<String> linkedGlibc) {
  public ElfFile {
    paths = List.copyOf(paths);
  }

  /** The first of its paths. */
  public String path() {
    return paths.get(0);
  }

  /** Whether it is a program that somebody could run. */
  public boolean isRun() {
    return elf.isProgram() && scope.compareTo(Scope.LIBRARY) < 0;
  }
}
