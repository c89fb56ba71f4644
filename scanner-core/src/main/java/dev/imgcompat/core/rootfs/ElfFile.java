package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.elf.ElfFacts;
import java.util.List;

/**
 * One ELF file of the merged image.
 *
 * @param paths that lead to it, hard links but no symbolic ones, sorted, with a leading slash
 * @param layer index of the layer that has it, bottom first
 * @param elf what it says of itself
 * @param executable whether anybody may execute it
 * @param scope how much the image depends on it
 */
public record ElfFile(
    List<String> paths, int layer, ElfFacts elf, boolean executable, Scope scope) {
  public ElfFile {
    paths = List.copyOf(paths);
  }

  /** The first of its paths. */
  public String path() {
    return paths.get(0);
  }
}
