package dev.imgcompat.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionsTest {
  @Test
  void compareAsNumbers() {
    assertThat(Versions.isBelow("2.9", "2.12")).isTrue();
    assertThat(Versions.isBelow("2.14.90", "2.15")).isTrue();
    assertThat(Versions.isBelow("2.15", "2.15")).isFalse();
    assertThat(Versions.key("2.12")).isEqualTo(Versions.key("2.12.0"));
    assertThat(Versions.key("2.12-1.el6")).isEqualTo(Versions.key("2.12"));
    assertThat(Versions.isBelow("4.14.1", "4.14.2")).isTrue();
  }

  @Test
  void surviveNonsense() {
    assertThat(Versions.key("").parts()).isEmpty();
    assertThat(Versions.key("99999999999999999999.1").parts())
        .containsExactly(Integer.MAX_VALUE, 1);
  }

  @Test
  void packagedVersionsLoseEpochAndRelease() {
    assertThat(Versions.upstream("2:2.11.3-4+deb6u2")).isEqualTo("2.11.3");
    assertThat(Versions.upstream("2.12-1.192.el6")).isEqualTo("2.12");
  }
}
