package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
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
        "docker-archive:",
        "docker-archive:image.tar:",
        "docker-archive:image.tar:a b",
        "docker-archive:image.tar:@x",
        "docker-archive:image.tar:centos@sha256:aa",
        "oci-archive:",
        "oci-archive:image.tar:",
        "oci-archive:image.tar@sha256:12",
        "docker-daemon:",
        "docker-daemon:UPPER/case",
        "containers-storage:centos:6.8",
        "dir:somewhere",
        "a@sha256:12",
        "./local/dir",
        "rootfs:\0"
      })
  void refusesWhatIsNoReferenceInOneLine(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(ScanException.InvalidReference.class)
        .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("\n", "\0"));
  }

  @ParameterizedTest
  @CsvSource({
    "docker-archive:a/../x.tar, /x.tar, '', ''",
    "docker-archive:x.tar:centos:6.8, /x.tar:centos:6.8, centos:6.8, ''",
    "docker-archive:x.tar:host:5000/team/tool, /x.tar:host:5000/team/tool, host:5000/team/tool, ''",
    "docker-archive:x.tar:V1, /x.tar:V1, V1, ''",
    "docker-archive:x.tar:@12, /x.tar:@12, '', 12",
    "oci-archive:x.tar, /x.tar, '', ''",
    "oci-archive:x@1.tar, /x@1.tar, '', ''",
    "docker-archive:x@1.tar, /x@1.tar, '', ''",
    "oci-archive:x.tar:docker.io/a/b:1, /x.tar:docker.io/a/b:1, docker.io/a/b:1, ''"
  })
  void archives(String text, String end, String name, String index) throws Exception {
    ImageReference.InArchive archive = (ImageReference.InArchive) ImageReference.parse(text);

    assertThat(archive.text()).isEqualTo(text);
    assertThat(archive.canonical())
        .startsWith(text.substring(0, text.indexOf(':') + 1) + "/")
        .endsWith(end)
        .doesNotContain("..");
    assertThat(archive.name().orElse("")).isEqualTo(name);
    assertThat(archive.index().stream().mapToObj(Integer::toString).findAny().orElse(""))
        .isEqualTo(index);
    assertThat(archive.isStandardInput()).isFalse();
  }

  @Test
  void archivesOnStandardInput() throws Exception {
    for (String text : List.of("docker-archive:-", "docker-archive:-:a:1", "oci-archive:-")) {
      ImageReference.InArchive archive = (ImageReference.InArchive) ImageReference.parse(text);

      assertThat(archive.isStandardInput()).isTrue();
      assertThat(archive.canonical()).isEqualTo(text);
    }
    assertThat(
            ((ImageReference.InArchive) ImageReference.parse("oci-archive:-@" + DIGEST)).digest())
        .contains(Digest.of(DIGEST));
  }

  @ParameterizedTest
  @CsvSource({
    "centos, docker-daemon:docker.io/library/centos:latest",
    "team/tool:1, docker-daemon:docker.io/team/tool:1",
    "localhost:5000/tool, docker-daemon:localhost:5000/tool:latest"
  })
  void imagesOfAnEngine(String name, String canonical) throws Exception {
    ImageReference.InEngine image =
        (ImageReference.InEngine) ImageReference.parse("docker-daemon:" + name);

    assertThat(image.name()).isEqualTo(name);
    assertThat(image.canonical()).isEqualTo(canonical);
  }

  @Test
  void anImageIdNamesAnImageOfAnEngine() throws Exception {
    assertThat(ImageReference.parse("docker-daemon:" + DIGEST).canonical())
        .isEqualTo("docker-daemon:" + DIGEST);
  }

  @Test
  void otherTransportsNameTheWayOut() {
    assertThatThrownBy(() -> ImageReference.parse("containers-storage:localhost/a"))
        .hasMessageContaining("podman save")
        .hasMessageContaining("oci-archive:-");
  }

  @Test
  void refusesReferencesWithoutEnd() {
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(100_000)))
        .isInstanceOf(ScanException.InvalidReference.class)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(200));
  }
}
