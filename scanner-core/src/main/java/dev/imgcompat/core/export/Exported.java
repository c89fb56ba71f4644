package dev.imgcompat.core.export;

import java.util.List;

/**
 * What an export came to. Immutable.
 *
 * @param files in a stable order; exactly one, unless the format has one per set of parameters
 * @param warnings one line each: what the files cannot say, but whoever publishes them should know
 */
public record Exported(List<ExportedFile> files, List<String> warnings) {
  public Exported {
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
  }
}
