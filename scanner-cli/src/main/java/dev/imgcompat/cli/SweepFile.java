package dev.imgcompat.cli;

import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.state.TagRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;

/** One form of a sweep in a file, which is there whole or not at all. */
final class SweepFile implements SweepOutput {
  private final Path file;
  private final WholeFile.Streamed whole;
  private final Writer writer;
  private final SweepOutput output;

  private SweepFile(Path file, WholeFile.Streamed whole, Writer writer, SweepOutput output) {
    this.file = file;
    this.whole = whole;
    this.writer = writer;
    this.output = output;
  }

  /**
   * Begins to write one.
   *
   * @param form makes what is to be in it, of where to write that to
   * @throws UsageException if it cannot be written
   */
  static SweepFile open(Path file, Function<Writer, SweepOutput> form) throws UsageException {
    try {
      WholeFile.Streamed whole = new WholeFile.Streamed(file);
      Writer writer =
          new BufferedWriter(
              new OutputStreamWriter(whole.stream(), StandardCharsets.UTF_8), 1 << 16);
      return new SweepFile(file, whole, writer, form.apply(writer));
    } catch (IOException e) {
      throw new UsageException("could not write " + file + ": " + WholeFile.reason(e));
    }
  }

  /** Something that may fail. */
  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing writing) throws IOException {
    try {
      writing.run();
    } catch (IOException e) {
      throw new IOException("could not write " + file + ": " + WholeFile.reason(e), e);
    }
  }

  @Override
  public void done(TagRecord tag) throws IOException {
    write(() -> output.done(tag));
  }

  @Override
  public void known(TagRecord tag) throws IOException {
    write(() -> output.known(tag));
  }

  @Override
  public void repository(RepositoryTally repository) throws IOException {
    write(() -> output.repository(repository));
  }

  @Override
  public void end(SweepSummary summary) throws IOException {
    if (summary.end() == SweepSummary.End.CANCELLED) {
      return; // what is there stays
    }
    write(
        () -> {
          output.end(summary);
          writer.close();
          whole.publish();
        });
  }

  @Override
  public void close() throws IOException {
    try (whole) {
      writer.close();
    }
  }
}
