package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void leavesOrdinaryTextAlone() {
    assertThat(Printable.of("/usr/bin/größe 漢字 😀")).isEqualTo("/usr/bin/größe 漢字 😀");
  }

  @Test
  void escapesWhatWouldSteerATerminal() {
    assertThat(Printable.of("a\u001b[2Jb\nc\u202ed\u0000"))
        .isEqualTo("a\\u001b[2Jb\\u000ac\\u202ed\\u0000");
  }

  @Test
  void escapesLoneSurrogates() {
    assertThat(Printable.of("x\ud800y")).isEqualTo("x\\ud800y");
  }
}
