package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "centos:6.8, docker.io/library/centos:6.8",
    "centos, docker.io/library/centos:latest",
    "docker://centos:6.8, docker.io/library/centos:6.8",
    "index.docker.io/library/centos:6.8, docker.io/library/centos:6.8",
    "team/tool:V1, docker.io/team/tool:V1",
    "localhost:5000/a/b:c, localhost:5000/a/b:c",
    "registry.example.com/a:1, registry.example.com/a:1",
  })
  void spellsOutWhatDockerUsersAbbreviate(String text, String canonical) throws ScanException {
    assertThat(ImageReference.parse(text).canonical()).isEqualTo(canonical);
  }

  @Test
  void keepsTagAndDigestAndAsksForTheDigest() throws ScanException {
    ImageReference.InRegistry image =
        (ImageReference.InRegistry) ImageReference.parse("r.example/a:1@" + DIGEST);

    assertThat(image.canonical()).isEqualTo("r.example/a:1@" + DIGEST);
    assertThat(image.qualifier()).isEqualTo(DIGEST);
  }

  @Test
  void aDigestAloneNeedsNoTag() throws ScanException {
    assertThat(((ImageReference.InRegistry) ImageReference.parse("a@" + DIGEST)).tag()).isEmpty();
  }

  @Test
  void readsLayoutsAndDirectories() throws ScanException {
    ImageReference.InLayout layout =
        (ImageReference.InLayout) ImageReference.parse("oci:../some/dir:6.8");

    assertThat(layout.directory()).isEqualTo(Path.of("../some/dir"));
    assertThat(layout.tag()).contains("6.8");
    assertThat(((ImageReference.InLayout) ImageReference.parse("oci:d@" + DIGEST)).digest())
        .contains(Digest.of(DIGEST));
    assertThat(((ImageReference.InDirectory) ImageReference.parse("rootfs:/")).directory())
        .isEqualTo(Path.of("/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "UPPER/case",
        "a b",
        "https://registry.example.com/a",
        "scratch",
        "oci:",
        "oci:dir:",
        "oci:dir@sha256:12",
        "rootfs:",
        "docker://",
        "docker-archive:image.tar",
        "docker-daemon:centos:6.8",
        "a@sha256:12",
        "./local/dir",
        "rootfs:\0"
      })
  void refusesWhatIsNoReferenceInOneLine(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(ScanException.InvalidReference.class)
        .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("\n", "\0"));
  }

  @Test
  void refusesReferencesWithoutEnd() {
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(100_000)))
        .isInstanceOf(ScanException.InvalidReference.class)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(200));
  }
}
