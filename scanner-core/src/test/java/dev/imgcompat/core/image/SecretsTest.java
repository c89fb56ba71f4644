package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "user:s3cret@r.example/a:1",
        "docker://user:s3cret@r.example/a:1",
        "https://user:s3cret@r.example/a:1",
        "user:s3c@ret@r.example/a:1",
        "user:s3c/ret@r.example/a:1",
        "s3cret@r.example/a:1"
      })
  void credentialsAreMaskedWhole(String reference) {
    assertThat(Secrets.masked(reference)).isEqualTo("***@r.example/a:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "centos:6.8",
        "r.example:5000/a:1@sha256:12",
        "docker://a@sha256:12",
        "oci:some@dir:tag",
        "oci:dir@sha256:12",
        "rootfs:/mnt/a@b"
      })
  void everythingElseIsLeftAlone(String reference) {
    assertThat(Secrets.masked(reference)).isEqualTo(reference);
  }
}
