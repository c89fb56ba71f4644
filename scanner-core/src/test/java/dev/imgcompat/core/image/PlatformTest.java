package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
  @Test
  void translatesTheUsualOtherNames() {
    assertThat(Platform.parse("linux/x86_64")).isEqualTo(Platform.LINUX_AMD64);
    assertThat(Platform.parse("Linux/i686").toString()).isEqualTo("linux/386");
  }

  @Test
  void aVariantServesThoseAboveIt() {
    assertThat(Platform.parse("linux/arm").accepts(Platform.parse("linux/arm/v7"))).isTrue();
    assertThat(Platform.parse("linux/arm/v6").accepts(Platform.parse("linux/arm/v7"))).isFalse();
    assertThat(Platform.parse("linux/arm/v7").accepts(Platform.parse("linux/arm/v6"))).isTrue();
    assertThat(Platform.parse("linux/arm/v7").accepts(Platform.parse("linux/arm"))).isTrue();
    assertThat(Platform.parse("linux/amd64").accepts(Platform.parse("linux/amd64/v3"))).isTrue();
    assertThat(Platform.parse("linux/amd64").accepts(Platform.parse("linux/386"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "linux/arm/v7,linux/arm/v7 linux/arm/v6 linux/arm/v5 linux/arm",
    "linux/arm,linux/arm linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5",
    "linux/arm64,linux/arm64 linux/arm64/v8",
    "linux/arm64/v9,linux/arm64/v9 linux/arm64",
    "linux/amd64/v3,linux/amd64/v3 linux/amd64",
    "linux/386,linux/386",
  })
  void theClosestPlatformIsTheFirstChoice(String wanted, String choices) {
    assertThat(Platform.parse(wanted).choices().stream().map(Platform::toString))
        .containsExactly(choices.split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "linux", "linux/", "a/b/c/d", "linux/am d64", "linux/\u001b[31m"})
  void refusesWhatIsNone(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Platform.parse(text));
  }
}
