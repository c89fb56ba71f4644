package dev.imgcompat.core.analyze;

import dev.imgcompat.core.elf.ElfReader;
import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerEntry;
import java.util.Optional;

/** Reads every ELF file, whatever its name. */
final class ElfAnalyzer implements LayerAnalyzer {
  private static final int HEADER_BYTES = 52;

  @Override
  public String name() {
    return "elf";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Optional<ContentReader> open(LayerEntry entry, byte[] head, int length) {
    // What is shorter than a header only begins like an ELF file.
    if (!ElfReader.hasMagic(head, length) || entry.size() < HEADER_BYTES) {
      return Optional.empty();
    }
    ElfReader reader = new ElfReader(entry.size());
    return Optional.of(
        new ContentReader() {
          @Override
          public void accept(byte[] buffer, int offset, int count) {
            reader.accept(buffer, offset, count);
          }

          @Override
          public boolean satisfied() {
            return reader.satisfied();
          }

          @Override
          public Optional<FileFact> finish() {
            return Optional.of(new ElfFact(reader.finish()));
          }
        });
  }
}
