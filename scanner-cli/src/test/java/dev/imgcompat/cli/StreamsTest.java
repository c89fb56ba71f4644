package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamsTest {
  private static Streams streams(boolean terminal, Map<String, String> environment) {
    PrintWriter writer = new PrintWriter(new StringWriter());
    return new Streams(
        InputStream.nullInputStream(), writer, writer, environment, terminal, terminal);
  }

  @Test
  void onlyATerminalGetsColoursAndBars() {
    assertThat(streams(true, Map.of("TERM", "xterm")).coloured()).isTrue();
    assertThat(streams(true, Map.of("TERM", "xterm")).animated()).isTrue();
    assertThat(streams(false, Map.of("TERM", "xterm")).coloured()).isFalse();
    assertThat(streams(false, Map.of("TERM", "xterm")).animated()).isFalse();
  }

  @Test
  void noColorAndDumbTerminalsGetNeither() {
    for (Map<String, String> environment :
        java.util.List.of(
            Map.of("TERM", "xterm", "NO_COLOR", "1"),
            Map.of("TERM", "dumb"),
            Map.<String, String>of())) {
      assertThat(streams(true, environment).coloured()).isFalse();
      assertThat(streams(true, environment).animated()).isFalse();
    }
    assertThat(streams(true, Map.of("TERM", "xterm", "NO_COLOR", "")).coloured()).isTrue();
  }
}
