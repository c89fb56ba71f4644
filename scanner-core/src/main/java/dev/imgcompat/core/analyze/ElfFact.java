package dev.imgcompat.core.analyze;

import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.layer.FileFact;

/**
 * The file is an ELF file.
 *
 * @param elf what it says of itself
 */
public record ElfFact(ElfFacts elf) implements FileFact {}
