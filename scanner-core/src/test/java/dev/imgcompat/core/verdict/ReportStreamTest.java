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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private static Report read(String json, List<String> seen) throws IOException {
    return ReportFormat.read(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
        image -> {
          seen.add(image.canonical());
          return image;
        });
  }

  @Test
  void aReportIsReadImageByImage() throws IOException {
    List<String> seen = new ArrayList<>();

    assertThat(read(ReportFormat.json(REPORT), seen)).isEqualTo(REPORT);
    assertThat(seen).containsExactly("registry.corp/a:1", "registry.corp/b:2", "registry.corp/c:1");
    assertThat(
            read(
                ReportFormat.json(REPORT).replaceFirst("\\{", "{\"later\":{\"images\":[7]},"),
                new ArrayList<>()))
        .isEqualTo(REPORT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"images\":[",
        "{\"images\":[{}]}",
        "{\"images\":7}",
        "{\"schemaVersion\":1,\"images\":[]}"
      })
  void whatIsNoReportIsNotRead(String json) {
    assertThatThrownBy(() -> read(json, new ArrayList<>())).isInstanceOf(IOException.class);
  }

  @Test
  void whatBreaksOffIsNotRead() {
    String json = ReportFormat.json(REPORT);

    for (int length = 0; length < json.length() - 2; length += 7) {
      String half = json.substring(0, length);
      assertThatThrownBy(() -> read(half, new ArrayList<>())).isInstanceOf(IOException.class);
    }
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
