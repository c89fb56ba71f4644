package dev.imgcompat.cli;

import dev.imgcompat.core.access.RegistryName;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which registries a sweep asks, as far as a login needs to know. */
final class SweptRegistries {
  private static final Path STDIN = Path.of("-");

  /** A login is for one: whatever comes after a few does not matter. */
  private static final int ENOUGH = 5;

  private SweptRegistries() {}

  /** The registries of sources; files are read for that, but no pipes. */
  static Set<String> of(List<SourceSpec> sources) {
    Set<String> registries = new TreeSet<>();
    for (SourceSpec source : sources) {
      if (source instanceof SourceSpec.Catalog catalog) {
        registries.add(RegistryName.canonical(catalog.registry()));
      } else if (source instanceof SourceSpec.Harbor harbor) {
        registries.add(RegistryName.canonical(harbor.registry()));
      } else if (source instanceof SourceSpec.Quay quay) {
        registries.add(RegistryName.canonical(quay.registry()));
      } else if (source instanceof SourceSpec.Repository repository) {
        registries.addAll(References.registries(List.of(repository.name())));
      } else if (source instanceof SourceSpec.References references) {
        registries.addAll(References.registries(references.references()));
        // Of a pipe nothing would be left.
        references.file().filter(Files::isRegularFile).ifPresent(f -> read(f, registries));
      }
    }
    return registries;
  }

  /** Whether references come on standard input. */
  static boolean takeStandardInput(SweepPlan plan) {
    return plan.sources().stream()
        .anyMatch(
            source ->
                source instanceof SourceSpec.References references
                    && references.file().filter(STDIN::equals).isPresent());
  }

  private static void read(Path file, Set<String> registries) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(InputFile.open(file), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine();
          line != null && registries.size() < ENOUGH;
          line = reader.readLine()) {
        registries.addAll(References.registries(List.of(line.strip())));
      }
    } catch (IOException e) {
      // Its listing will say so.
    }
  }
}
