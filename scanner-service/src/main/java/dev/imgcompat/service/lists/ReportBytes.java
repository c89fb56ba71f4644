package dev.imgcompat.service.lists;

import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFormat;
import dev.imgcompat.core.verdict.ReportStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Reports as they are kept: gzip-compressed JSON. */
final class ReportBytes {
  private ReportBytes() {}

  static byte[] of(Report report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Writer json =
        new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8)) {
      ReportStream stream = new ReportStream(json, report.tool());
      for (ImageReport image : report.images()) {
        stream.image(image);
      }
      stream.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Report report(byte[] bytes, SharedParts parts) {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return ReportFormat.read(gzip, parts::of);
    } catch (IOException e) {
      throw new UncheckedIOException("the report of a list cannot be read", e);
    }
  }

  static byte[] json(byte[] bytes) {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return gzip.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the report of a list cannot be read", e);
    }
  }
}
