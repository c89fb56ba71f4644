package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.LayerAnalyzer;
import java.util.List;
import java.util.Map;

/** The analyzers that this version has. */
public final class Analyzers {
  private Analyzers() {}

  /** Returns all of them. */
  public static List<LayerAnalyzer> all() {
    return List.of(
        new ElfAnalyzer(),
        new LibcAnalyzer(),
        new ReleaseAnalyzer(),
        new PackageAnalyzer(),
        new ScriptAnalyzer(),
        new LoaderConfigAnalyzer());
  }

  /** The kinds of facts that they find, by the names under which they are stored. */
  public static Map<String, Class<? extends FileFact>> factTypes() {
    return Map.of(
        "elf", ElfFact.class,
        "libc", LibcFact.class,
        "release", ReleaseFact.class,
        "packages", PackagesFact.class,
        "tool", ToolFact.class,
        "script", ScriptFact.class,
        "loader-config", LoaderConfigFact.class);
  }
}
