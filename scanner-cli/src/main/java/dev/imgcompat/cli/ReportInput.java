package dev.imgcompat.cli;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.ReportFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The reports that an export is made of, and which of their verdicts count. */
final class ReportInput {
  @Parameters(
      arity = "0..*",
      paramLabel = "REPORT",
      description = "Reports of 'scan -o json'; standard input if none is given, or for -.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--runtime",
      paramLabel = "NAME[:VERSION]",
      description = "Whose verdicts count, where the reports have several.")
  private @Nullable String runtime;

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description =
          "Counts the images of this platform only, or of all (default: linux/amd64 of references"
              + " that were scanned for several).")
  private @Nullable String platform;

  Optional<String> runtime() {
    return Optional.ofNullable(runtime);
  }

  PlatformRequest platforms() throws UsageException {
    try {
      return platform == null ? PlatformRequest.DEFAULT : PlatformRequest.parse(platform);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  List<Report> read(Streams streams) throws UsageException {
    List<Report> reports = new ArrayList<>();
    for (Path file : files.isEmpty() ? List.of(Path.of("-")) : files) {
      boolean stdin = file.toString().equals("-");
      try (InputStream in = stdin ? streams.in() : InputFile.open(file)) {
        reports.add(ReportFormat.read(in));
      } catch (IOException e) {
        throw new UsageException(
            (stdin ? "standard input" : file)
                + ": "
                + (e instanceof NoSuchFileException ? "no such file" : e.getMessage()));
      } catch (OutOfMemoryError e) {
        throw new UsageException(
            (stdin ? "standard input" : file)
                + ": needs more memory: IMGCOMPAT_JAVA_OPTS=-Xmx4g gives it, or scan into several"
                + " reports");
      }
    }
    return reports;
  }
}
