package dev.imgcompat.cli;

import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.Exported;
import dev.imgcompat.core.export.ExportedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an export goes: standard output, or files that are there whole or not at all. */
final class Publication {
  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      description =
          "Writes to a file, whole or not at all: who reads it meanwhile sees the old one; to a"
              + " directory where there are several files.")
  private @Nullable Path target;

  Optional<Path> target() {
    return Optional.ofNullable(target);
  }

  /** Publishes the files; on standard output only if nothing else is to be there. */
  void publish(Exported exported, ExportFormat format, boolean outputIsTaken, Streams streams)
      throws UsageException {
    if (target != null) {
      write(exported, target);
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

  private static void write(Exported exported, Path target) throws UsageException {
    boolean toDirectory = exported.files().size() != 1 || Files.isDirectory(target);
    for (ExportedFile file : exported.files()) {
      Path path = toDirectory ? target.resolve(file.path()) : target;
      try {
        if (toDirectory && path.getParent() != null) {
          Files.createDirectories(path.getParent());
        }
        WholeFile.write(path, file.text().getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UsageException("could not write " + path + ": " + WholeFile.reason(e));
      }
    }
  }
}
