package dev.imgcompat.core.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportStreamTest {
  private static final Report REPORT =
      ReportBuilder.on("kata")
          .excluded("registry.corp/a:1")
          .needsVsyscall("registry.corp/b:2")
          .failed("registry.corp/c:1")
          .build();

  private static String stream(Report report) throws IOException {
    StringWriter out = new StringWriter();
    ReportStream stream = new ReportStream(out, report.tool());
    for (ImageReport image : report.images()) {
      stream.image(image);
    }
    stream.end();
    return out.toString();
  }

  @Test
  void theBytesAreThoseOfTheWholeReport() throws IOException {
    Report empty = ReportBuilder.on("kata").build();

    assertThat(stream(REPORT)).isEqualTo(ReportFormat.json(REPORT));
    assertThat(stream(empty)).isEqualTo(ReportFormat.json(empty));
  }

  @Test
  void whatWasNotEndedIsNoReport() throws IOException {
    StringWriter out = new StringWriter();
    ReportStream stream = new ReportStream(out, REPORT.tool());
    stream.image(REPORT.images().get(0));

    assertThatThrownBy(
            () ->
                ReportFormat.read(
                    new ByteArrayInputStream(out.toString().getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aWriterThatFailsIsHeard() {
    Writer full =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) throws IOException {
            throw new IOException("no space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };

    assertThatThrownBy(
            () -> {
              ReportStream stream = new ReportStream(full, REPORT.tool());
              for (int i = 0; i < 1000; i++) {
                stream.image(REPORT.images().get(0));
              }
              stream.end();
            })
        .isInstanceOf(IOException.class)
        .hasMessage("no space left on device");
  }

  @Test
  void aLineIsOneLineWhateverIsInIt() {
    assertThat(ReportFormat.line(Map.of("a", Optional.of("x\ny")))).isEqualTo("{\"a\":\"x\\ny\"}");
  }
}
