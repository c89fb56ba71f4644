package dev.imgcompat.cli;

import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.Exported;
import dev.imgcompat.core.export.ExportedFile;
import dev.imgcompat.core.image.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an export goes: standard output, or files that are there whole or not at all. */
final class Publication {
  private static final int MAX_DEPTH = 3;

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      description =
          "Writes to a file, whole or not at all: who reads it meanwhile sees the old one (kata-dropin: to"
              + " a directory).")
  private @Nullable Path target;

  Optional<Path> target() {
    return Optional.ofNullable(target);
  }

  /** Refuses what names no file. */
  void check() throws UsageException {
    if (target != null && (target.toString().isEmpty() || target.toString().equals("-"))) {
      throw new UsageException(
          "--write wants a file; without it the export goes to standard output");
    }
  }

  /**
   * Why the file must not be replaced: it has what an export does not write; empty if it may be.
   */
  Optional<String> loss(ExportFormat format) throws UsageException {
    if (target == null || !format.isList() || !Files.isRegularFile(target)) {
      return Optional.empty();
    }
    List<String> losses;
    try {
      String before = OldList.read(target).orElse("");
      losses = before.isBlank() ? List.of() : format.losses(before);
    } catch (ExportException e) {
      return Optional.of(
          "not published: "
              + target
              + " is another kind of file, which would be lost: remove it first");
    }
    return losses.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "not published: "
                + target
                + " has what would be lost, "
                + losses.stream().limit(3).collect(Collectors.joining(", "))
                + (losses.size() > 3 ? " and " + (losses.size() - 3) + " more" : "")
                + ": write to a file of its own, or remove this one");
  }

  /** Publishes the files; on standard output only if nothing else is to be there. */
  void publish(Exported exported, ExportFormat format, boolean outputIsTaken, Streams streams)
      throws UsageException {
    if (target != null) {
      write(exported, format, target, streams);
    } else if (!outputIsTaken) {
      if (exported.files().size() != 1) {
        throw new UsageException(
            format.id()
                + " has "
                + exported.files().size()
                + " files, "
                + exported.files().stream()
                    .map(ExportedFile::path)
                    .collect(Collectors.joining(", "))
                + ": give a directory with --write");
      }
      streams.out().print(exported.files().get(0).text());
    }
  }

  private static void write(Exported exported, ExportFormat format, Path target, Streams streams)
      throws UsageException {
    Set<Path> written = new HashSet<>();
    for (ExportedFile file : exported.files()) {
      Path path = format.hasSeveralFiles() ? target.resolve(file.path()) : target;
      try {
        if (format.hasSeveralFiles()) {
          Files.createDirectories(path.toAbsolutePath().getParent());
        }
        WholeFile.write(path, file.text().getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UsageException("could not write " + path + ": " + WholeFile.reason(e));
      }
      written.add(path);
    }
    if (format.hasSeveralFiles()) {
      leftOver(target, written)
          .forEach(
              path ->
                  streams
                      .err()
                      .println(
                          "imgcompat: warning: "
                              + Printable.of(path.toString())
                              + " is of an older list: no image needs it"));
    }
  }

  /** Files of the same names in the directory, which are not of this list. */
  private static List<Path> leftOver(Path directory, Set<Path> written) throws UsageException {
    Set<Path> names = written.stream().map(Path::getFileName).collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(directory, MAX_DEPTH)) {
      return files
          .filter(f -> names.contains(f.getFileName()) && !written.contains(f))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new UsageException("could not look into " + directory + ": " + e.getMessage());
    }
  }
}
