package dev.imgcompat.core.verdict;

import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.Tool;
import java.io.IOException;
import java.io.Writer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/**
 * Writes a report as JSON image by image, for more of them than fit into memory; the same bytes as
 * {@link ReportFormat#json} of the whole. For one thread.
 */
public final class ReportStream {
  private final Writer out;
  private final JsonGenerator json;

  /**
   * Begins a report.
   *
   * @param out is not closed
   * @throws IOException of {@code out}
   */
  public ReportStream(Writer out, Tool tool) throws IOException {
    this.out = out;
    try {
      this.json = ReportFormat.generator(out);
      json.writeStartObject();
      json.writeNumberProperty("schemaVersion", Report.SCHEMA_VERSION);
      json.writePOJOProperty("tool", tool);
      json.writeArrayPropertyStart("images");
    } catch (JacksonException e) {
      throw failure(e);
    }
  }

  /** Writes an image. */
  public void image(ImageReport image) throws IOException {
    try {
      json.writePOJO(image);
    } catch (JacksonException e) {
      throw failure(e);
    }
  }

  /** Ends the report; whoever does not leaves no JSON behind. */
  public void end() throws IOException {
    try {
      json.writeEndArray();
      json.writeEndObject();
      json.flush();
      out.write("\n");
    } catch (JacksonException e) {
      throw failure(e);
    }
  }

  /** What the writer threw, around which databind puts where in the report it was. */
  private static IOException failure(JacksonException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io;
      }
    }
    throw failure;
  }
}
