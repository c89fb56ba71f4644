package dev.imgcompat.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class VersionRangeTest {
  @Test
  void allPartsMustHold() {
    VersionRange range = VersionRange.parse(">=2.7 <2.14");

    assertThat(range.contains("2.7")).isTrue();
    assertThat(range.contains("2.13")).isTrue();
    assertThat(range.contains("2.14")).isFalse();
    assertThat(range.contains("2.6.1")).isFalse();
    assertThat(VersionRange.parse("<2.15").contains("2.9")).isTrue();
  }

  @Test
  void noVersionIsInNoRange() {
    assertThat(VersionRange.parse("<2.15").contains("")).isFalse();
    assertThat(VersionRange.parse("<2.15").contains("wheezy/sid")).isFalse();
  }

  @Test
  void refusesWhatIsNoRange() {
    assertThatIllegalArgumentException().isThrownBy(() -> VersionRange.parse("2.15"));
    assertThatIllegalArgumentException().isThrownBy(() -> VersionRange.parse("<x"));
  }
}
