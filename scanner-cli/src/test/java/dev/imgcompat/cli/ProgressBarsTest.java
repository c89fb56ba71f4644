package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {
  private static final Layer LAYER =
      new Layer(
          Digest.of("sha256:" + "ab".repeat(32)), Optional.empty(), OptionalLong.of(4 << 20), "");

  @Test
  void aLineShowsHowMuchOfALayerHasCome() {
    assertThat(ProgressBars.line("centos:6.8 abc", 1 << 20, 4 << 20, 80))
        .isEqualTo(
            "centos:6.8 abc [#########                            ]  25%  1.0 MiB of 4.0 MiB")
        .hasSizeLessThan(80);
  }

  @Test
  void aLineFitsWhateverTheName() {
    for (int columns : new int[] {40, 60, 80, 200}) {
      assertThat(ProgressBars.line("registry/" + "n".repeat(300), 1, 2, columns))
          .hasSizeLessThan(columns)
          .startsWith("…");
      assertThat(ProgressBars.line("n".repeat(300), 1, -1, columns)).hasSizeLessThan(columns);
    }
  }

  @Test
  void whatIsDrawnIsRemoved() throws Exception {
    StringWriter terminal = new StringWriter();
    ProgressBars bars = new ProgressBars(new PrintWriter(terminal), 80);
    bars.layerStarted(ImageReference.parse("centos:6.8"), LAYER);
    bars.layerBytes(LAYER, 2 << 20);
    bars.draw();
    assertThat(terminal.toString()).contains("centos:6.8 abababababab", "50%");

    bars.finish();

    assertThat(terminal.toString()).endsWith("\u001b[1A\r\u001b[J");
  }

  @Test
  void aStreamIsShownUntilItsImageIsScanned() throws Exception {
    StringWriter terminal = new StringWriter();
    ProgressBars bars = new ProgressBars(new PrintWriter(terminal), 80);
    ImageReference image = ImageReference.parse("docker-archive:-");
    bars.bytes(image, 3 << 20);
    bars.draw();
    assertThat(terminal.toString()).contains("docker-archive:-").containsPattern("3.0 MiB +read");
    int before = terminal.toString().length();

    bars.ended(image);
    bars.draw();

    assertThat(terminal.toString().substring(before)).doesNotContain("docker-archive");
    bars.finish();
  }

  @Test
  void resultsAreWrittenWhereTheBarsWere() throws Exception {
    StringWriter terminal = new StringWriter();
    PrintWriter writer = new PrintWriter(terminal);
    ProgressBars bars = new ProgressBars(writer, 80);
    bars.layerStarted(ImageReference.parse("centos:6.8"), LAYER);
    bars.draw();

    bars.print(() -> writer.print("result"));

    assertThat(terminal.toString()).endsWith("\u001b[1A\r\u001b[Jresult");
    bars.finish();
  }
}
