package dev.imgcompat.cli;

import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.Tool;
import dev.imgcompat.core.verdict.ReportStream;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/** A sweep as a report like that of a scan of all its tags, written tag by tag in the end. */
final class SweepReport implements SweepOutput {
  private final Writer out;
  private final Tool tool;
  private final TagReports reports;
  private @Nullable ReportStream stream;

  /**
   * Creates one.
   *
   * @param out is not closed
   * @param tool that judged
   * @param reports on the images of each tag
   */
  SweepReport(Writer out, Tool tool, TagReports reports) {
    this.out = out;
    this.tool = tool;
    this.reports = reports;
  }

  @Override
  public void known(TagRecord tag) throws IOException {
    for (ImageReport image : reports.of(tag)) {
      stream().image(image);
    }
  }

  @Override
  public void end(SweepSummary summary) throws IOException {
    if (summary.end() != SweepSummary.End.CANCELLED) {
      stream().end();
      out.flush();
    }
  }

  private ReportStream stream() throws IOException {
    ReportStream begun = stream;
    if (begun == null) {
      begun = new ReportStream(out, tool);
      stream = begun;
    }
    return begun;
  }
}
