package dev.imgcompat.core.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.ReportBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePatternsTest {
  private static final Digest DIGEST = ReportBuilder.digestOf("centos");
  private static final Digest OTHER = ReportBuilder.digestOf("other");
  private static final ImageName CENTOS = ImageName.tagged("docker.io", "library/centos", "6.8");
  private static final ImageName CENTOS_DIGEST =
      ImageName.digested("docker.io", "library/centos", DIGEST);
  private static final ImageName TEAM =
      ImageName.tagged("registry.example.com:5000", "team/app", "1.0");

  private static List<String> patterns(ImageName... names) {
    return new ImagePatterns(Optional.empty(), List.of(names)).anchored(List.of(names));
  }

  private static boolean isMatched(List<String> patterns, String container) throws Exception {
    for (String pattern : patterns) {
      if (EcmaPattern.compile(pattern).isFoundIn(container)) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "centos:6.8",
        "library/centos:6.8",
        "docker.io/centos:6.8",
        "docker.io/library/centos:6.8",
        "index.docker.io/library/centos:6.8",
        "registry-1.docker.io/library/centos:6.8",
        "CentOS:6.8"
      })
  void everySpellingOfATagIsMatched(String container) throws Exception {
    assertThat(isMatched(patterns(CENTOS, CENTOS_DIGEST), container)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "centos",
        "centos:6",
        "centos:6.88",
        "centos:6x8",
        "centos:6.8-slim",
        "mycentos:6.8",
        "my/centos:6.8",
        "library/my/centos:6.8",
        "quay.io/centos:6.8",
        "quay.io/library/centos:6.8",
        "docker.io.example.com/centos:6.8",
        "xdocker.io/centos:6.8",
        "centos:6.8 ",
        " centos:6.8",
        "centos:6.8\n",
        "localhost:5000/centos:6.8",
        ""
      })
  void noOtherNameIsMatched(String container) throws Exception {
    assertThat(isMatched(patterns(CENTOS, CENTOS_DIGEST), container)).isFalse();
  }

  @Test
  void aDigestIsMatchedWhateverTagStandsBeforeIt() throws Exception {
    List<String> patterns = patterns(CENTOS, CENTOS_DIGEST);

    assertThat(isMatched(patterns, "centos@" + DIGEST)).isTrue();
    assertThat(isMatched(patterns, "docker.io/library/centos:latest@" + DIGEST)).isTrue();
    assertThat(isMatched(patterns, "centos:6.8@" + OTHER)).isFalse();
    assertThat(isMatched(patterns, "centos@" + OTHER)).isFalse();
    assertThat(isMatched(patterns, "debian@" + DIGEST)).isFalse();
    assertThat(isMatched(patterns, "centos@sha256:" + DIGEST.hex().substring(0, 20))).isFalse();
    assertThat(isMatched(patterns, "centos@" + DIGEST + "0")).isFalse();
  }

  @Test
  void noTagMeansLatest() throws Exception {
    List<String> patterns =
        patterns(ImageName.tagged("docker.io", "library/centos", "latest"), CENTOS, CENTOS_DIGEST);

    assertThat(isMatched(patterns, "centos")).isTrue();
    assertThat(isMatched(patterns, "docker.io/library/centos:latest")).isTrue();
    assertThat(isMatched(patterns, "centos:6.8")).isTrue();
    assertThat(isMatched(patterns, "centos@" + DIGEST)).isTrue();
    assertThat(isMatched(patterns, "centos:")).isFalse();
    assertThat(isMatched(patterns, "centos@" + OTHER)).isFalse();
    assertThat(isMatched(patterns, "cento")).isFalse();
  }

  @Test
  void hostsAndPortsAreLiteral() throws Exception {
    assertThat(isMatched(patterns(TEAM), "registry.example.com:5000/team/app:1.0")).isTrue();
    assertThat(isMatched(patterns(TEAM), "registryXexample.com:5000/team/app:1.0")).isFalse();
    assertThat(isMatched(patterns(TEAM), "registry.example.com/team/app:1.0")).isFalse();
    assertThat(isMatched(patterns(TEAM), "team/app:1.0")).isFalse();
    assertThat(isMatched(patterns(TEAM), "registry.example.com:5000/library/team/app:1.0"))
        .isFalse();
  }

  @Test
  void entriesOfOneRepositoryShareOnePattern() {
    assertThat(patterns(CENTOS, ImageName.tagged("docker.io", "library/centos", "6.9"), TEAM))
        .containsExactly(
            "^(?:(?:(?:index|registry-1)\\.)?docker\\.io/)?(?:library/)?centos:6\\.[89]$",
            "^registry\\.example\\.com:5000/team/app:1\\.0$");
  }

  @Test
  void theOrderOfTheInputDoesNotMatter() {
    assertThat(patterns(TEAM, CENTOS_DIGEST, CENTOS))
        .isEqualTo(patterns(CENTOS, TEAM, CENTOS_DIGEST));
  }

  @Test
  void aDefaultRegistryStandsForDockerHub() throws Exception {
    List<String> patterns =
        new ImagePatterns(Optional.of("mirror.example.com"), List.of(CENTOS))
            .anchored(List.of(CENTOS));

    assertThat(isMatched(patterns, "centos:6.8")).isTrue();
    assertThat(isMatched(patterns, "mirror.example.com/centos:6.8")).isTrue();
    assertThat(isMatched(patterns, "mirror.example.com/library/centos:6.8")).isTrue();
    assertThat(isMatched(patterns, "docker.io/centos:6.8")).isTrue();
    assertThat(isMatched(patterns, "other.example.com/centos:6.8")).isFalse();
  }

  @Test
  void namesWithoutARegistryAreOfTheDefaultRegistryIfItHasTheRepository() throws Exception {
    ImageName own = ImageName.tagged("mirror.example.com", "centos", "7");
    ImagePatterns writer =
        new ImagePatterns(Optional.of("mirror.example.com"), List.of(CENTOS, own));

    assertThat(isMatched(writer.anchored(Set.of(CENTOS)), "centos:6.8")).isFalse();
    assertThat(isMatched(writer.anchored(Set.of(CENTOS)), "mirror.example.com/centos:6.8"))
        .isFalse();
    assertThat(isMatched(writer.anchored(Set.of(CENTOS)), "docker.io/centos:6.8")).isTrue();
    assertThat(isMatched(writer.anchored(Set.of(own)), "centos:7")).isTrue();
    assertThat(isMatched(writer.anchored(Set.of(own)), "mirror.example.com/centos:7")).isTrue();
    assertThat(isMatched(writer.anchored(Set.of(own)), "docker.io/centos:7")).isFalse();
  }

  @Test
  void aMirrorThatKeepsTheRegistryInThePathIsNotThatRegistry() throws Exception {
    for (String path : List.of("docker.io/library/centos", "quay.io/team/app", "localhost/x")) {
      ImageName mirrored = ImageName.tagged("mirror.example.com", path, "6");
      List<String> patterns =
          new ImagePatterns(Optional.of("mirror.example.com"), List.of(mirrored))
              .anchored(List.of(mirrored));

      assertThat(isMatched(patterns, "mirror.example.com/" + path + ":6")).isTrue();
      assertThat(isMatched(patterns, path + ":6")).isFalse();
    }
  }

  @Test
  void allButSomeNamesIsFoundInAnyOther() throws Exception {
    String pattern =
        new ImagePatterns(Optional.empty(), List.of()).allBut(List.of(CENTOS, CENTOS_DIGEST, TEAM));

    for (String one : Arrays.asList("centos:6.8", "centos@" + DIGEST, TEAM.toString())) {
      assertThat(EcmaPattern.compile(pattern).isFoundIn(one)).as(one).isFalse();
    }
    for (String other : Arrays.asList("centos:6.88", "xcentos:6.8", TEAM + "0", "", "debian")) {
      assertThat(EcmaPattern.compile(pattern).isFoundIn(other)).as(other).isTrue();
    }
  }
}
