package dev.imgcompat.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PathSetTest {
  @Test
  void holdsPathsAndTheDirectoriesAboveThem() {
    PathSet paths = new PathSet();

    assertThat(paths.add("usr/lib/x")).isEqualTo(3);
    assertThat(paths.add("usr/lib/y")).isEqualTo(1);
    assertThat(paths.add("usr/lib")).isZero();
    assertThat(paths.contains("usr")).isTrue();
    assertThat(paths.contains("usr/lib/y")).isTrue();
    assertThat(paths.contains("lib")).isFalse();
    assertThat(paths.contains("usr/li")).isFalse();
  }

  @Test
  void isEmptyAgainWhenCleared() {
    PathSet paths = new PathSet();
    paths.add("usr/lib");
    paths.clear();

    assertThat(paths.contains("usr")).isFalse();
    assertThat(paths.add("usr/lib")).isEqualTo(2);
  }
}
