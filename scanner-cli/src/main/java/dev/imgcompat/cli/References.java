package dev.imgcompat.cli;

import dev.imgcompat.core.access.RegistryName;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ScanException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Collects the references that were asked for, in their order, each once. */
final class References {
  private static final String STDIN = "-";
  private static final int MAX_REFERENCES = 1_000_000;

  private References() {}

  static List<String> of(List<String> arguments, List<Path> files, Streams streams)
      throws UsageException {
    Set<String> references = new LinkedHashSet<>();
    int standardInputs = 0;
    try {
      for (String argument : arguments) {
        if (argument.equals(STDIN)) {
          standardInputs++;
          read(streams.in(), references);
        } else {
          references.add(argument);
        }
      }
      for (Path file : files) {
        if (file.toString().equals(STDIN)) {
          standardInputs++;
          read(streams.in(), references);
        } else {
          try (InputStream in = InputFile.open(file)) {
            read(in, references);
          }
        }
      }
    } catch (IOException e) {
      throw new UsageException(
          "the references could not be read: "
              + (e instanceof NoSuchFileException ? "no such file " : "")
              + e.getMessage());
    }
    if (references.isEmpty()) {
      throw new UsageException("no image is named: give references, --from-file, or - for stdin");
    }
    if (standardInputs + references.stream().filter(References::isStandardInput).count() > 1) {
      throw new UsageException(
          "standard input comes once: either references or one archive can be read from it");
    }
    return new ArrayList<>(references);
  }

  /** Whether references are read from standard input. */
  static boolean readStandardInput(List<String> arguments, List<Path> files) {
    return arguments.contains(STDIN) || files.contains(Path.of(STDIN));
  }

  /** The registries that references name, each once. */
  static Set<String> registries(List<String> references) {
    Set<String> registries = new TreeSet<>();
    for (String reference : references) {
      try {
        if (ImageReference.parse(reference) instanceof ImageReference.InRegistry image) {
          registries.add(RegistryName.canonical(image.registry()));
        }
      } catch (ScanException.InvalidReference e) {
        // Its scan will say so.
      }
    }
    return registries;
  }

  /** Whether this is an archive on standard input. */
  static boolean isStandardInput(String reference) {
    try {
      return ImageReference.parse(reference) instanceof ImageReference.InArchive archive
          && archive.isStandardInput();
    } catch (ScanException.InvalidReference e) {
      return false; // which its scan will say
    }
  }

  private static void read(InputStream in, Set<String> references)
      throws IOException, UsageException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      String reference = line.strip();
      if (!reference.isEmpty() && !reference.startsWith("#")) {
        references.add(reference);
        if (references.size() > MAX_REFERENCES) {
          throw new UsageException("more than " + MAX_REFERENCES + " references at once");
        }
      }
    }
  }
}
