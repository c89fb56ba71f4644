package dev.imgcompat.core.analyze;

import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.layer.FileFact;

/**
 * The file is an ELF file.
 *
 * @param elf what it says of itself
 */
public record ElfFact(ElfFacts elf) implements FileFact {
  @Override
  public long retainedBytes() {
    long texts = 500 + 60L * elf.vsyscall().calls().size();
    for (String name : elf.needed()) {
      texts += 40 + name.length();
    }
    for (String name : elf.defines()) {
      texts += 40 + name.length();
    }
    return texts
        + elf.soname().map(String::length).orElse(0)
        + elf.interpreter().map(String::length).orElse(0)
        + elf.rpath().map(String::length).orElse(0)
        + elf.runpath().map(String::length).orElse(0);
  }
}
