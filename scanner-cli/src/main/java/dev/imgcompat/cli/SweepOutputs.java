package dev.imgcompat.cli;

import dev.imgcompat.core.verdict.Report.Tool;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In which forms, and where, a sweep tells what it finds. */
final class SweepOutputs {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = {
        "text, jsonl (a line a tag, as they come) or json (a report, as of scan, for export)",
        "(default: ${DEFAULT-VALUE})."
      })
  private SweepFormat output = SweepFormat.TEXT;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the report to a file besides, whole or not at all.")
  private @Nullable Path jsonFile;

  @Option(
      names = "--jsonl",
      paramLabel = "FILE",
      description = "Writes the lines to a file besides, whole or not at all.")
  private @Nullable Path linesFile;

  /** Whether there is no room for progress. */
  boolean fillTheTerminal(Streams streams) {
    return streams.outTerminal() && output != SweepFormat.TEXT;
  }

  /**
   * Begins all outputs.
   *
   * @param runtimes that were asked for
   * @param tool that judges
   * @param reports on the images of each tag
   * @throws UsageException if one cannot be written
   */
  List<SweepOutput> open(List<String> runtimes, Tool tool, TagReports reports, Streams streams)
      throws UsageException {
    List<SweepOutput> outputs = new ArrayList<>();
    try {
      if (linesFile != null) {
        outputs.add(SweepFile.open(linesFile, writer -> new SweepLines(writer, false, runtimes)));
      }
      if (jsonFile != null) {
        outputs.add(SweepFile.open(jsonFile, writer -> new SweepReport(writer, tool, reports)));
      }
    } catch (UsageException e) {
      close(outputs);
      throw e;
    }
    Writer out = streams.out();
    outputs.add(
        switch (output) {
          case TEXT ->
              new SweepText(
                  streams.out(),
                  streams.coloured(),
                  Optional.ofNullable(jsonFile).map(Path::toString));
          case JSONL -> new SweepLines(out, true, runtimes);
          case JSON -> new SweepReport(out, tool, reports);
        });
    return outputs;
  }

  /** Leaves nothing half-written behind. */
  static void close(List<SweepOutput> outputs) {
    for (SweepOutput output : outputs) {
      try {
        output.close();
      } catch (IOException e) {
        // Nobody reads what was not ended.
      }
    }
  }
}
