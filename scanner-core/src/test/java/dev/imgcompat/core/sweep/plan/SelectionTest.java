package dev.imgcompat.core.sweep.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
  private static final String REGISTRY = "registry.example:5000";

  private static Selection selection(List<String> include, List<String> exclude) {
    return new Selection(include, exclude, Optional.empty(), OptionalInt.empty(), Optional.empty());
  }

  private static Selection versions(String range) {
    return new Selection(
        List.of(), List.of(), Optional.of(range), OptionalInt.empty(), Optional.empty());
  }

  private static InRegistry image(String rest) {
    try {
      return (InRegistry) ImageReference.parse(REGISTRY + "/" + rest);
    } catch (ScanException.InvalidReference e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "team/app, team/app:1, true",
    "team/app, team/app/more:1, false",
    "team/*, team/app:1, true",
    "team/*, team/app/more:1, false",
    "team/**, team/app/more:1, true",
    "**, anything/at/all:1, true",
    "registry.example:5000/team/*, team/app:1, true",
    "other.example/team/*, team/app:1, false",
    "registry.example:*/team/*, team/app:1, true",
    "team/app:1.*, team/app:1.2, true",
    "team/app:1.*, team/app:2.0, false",
    "**:*-rc, team/app:2-rc, true",
    "'team/{app,web}:[0-9]*', team/web:9, true",
    "'team/{app,web}:[0-9]*', team/web:latest, false",
  })
  void aGlobMatchesWithAndWithoutTheRegistry(String glob, String image, boolean wanted) {
    assertThat(selection(List.of(glob), List.of()).wants(image(image))).isEqualTo(wanted);
    assertThat(selection(List.of(), List.of(glob)).wants(image(image))).isEqualTo(!wanted);
  }

  @Test
  void whatIsExcludedStaysOutThoughItIsIncludedToo() {
    Selection selection = selection(List.of("team/**"), List.of("**:*-dev", "team/old"));

    assertThat(selection.wants(image("team/app:1"))).isTrue();
    assertThat(selection.wants(image("team/app:1-dev"))).isFalse();
    assertThat(selection.wants(image("team/old:1"))).isFalse();
    assertThat(selection.wants(image("other/app:1"))).isFalse();
  }

  @Test
  void repositoriesOfWhichNothingCountsNeedNotBeAskedForTags() {
    Selection selection = selection(List.of("team/**:1.*"), List.of("**:*-dev", "team/old"));

    assertThat(selection.wants(REGISTRY, "team/app")).isTrue();
    assertThat(selection.wants(REGISTRY, "other/app")).isFalse();
    assertThat(selection.wants(REGISTRY, "team/old")).isFalse();
  }

  @Test
  void aDigestAloneMatchesNoPatternForTags() {
    InRegistry pinned = image("team/app@sha256:" + "a".repeat(64));

    assertThat(selection(List.of("team/*"), List.of()).wants(pinned)).isTrue();
    assertThat(selection(List.of("team/*:*"), List.of()).wants(pinned)).isFalse();
    assertThat(versions("*").wants(pinned)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    ">=1.4 <2, 1.4, true",
    ">=1.4 <2, v1.4.0, true",
    ">=1.4 <2, 1.10.3, true",
    ">=1.4 <2, 2, false",
    ">=1.4 <2, 1.5.0-rc.1, false",
    ">=1.5.0-rc.0 <2, 1.5.0-rc.1, true",
    "^3.1, 3.19, true",
    "^3.1, 4.0, false",
    "1.x || >=2.5, 1.9.9, true",
    "1.x || >=2.5, 2.4, false",
    "1.2 - 1.4, 1.3.7, true",
    ">=1, latest, false",
    ">=1, 1.2.3.4, false",
    ">=1, 99999999999999999999.0.0, false",
    "*, 7, true",
  })
  void aTagIsInARangeOfVersions(String range, String tag, boolean wanted) {
    assertThat(versions(range).wants(image("app:" + tag))).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ":1", "team/app:", "team/[", "{a"})
  void whatIsNoGlobIsRefused(String glob) {
    assertThatThrownBy(() -> selection(List.of(glob), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no pattern for images");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "latest", ">= what", "one"})
  void whatIsNoRangeIsRefused(String range) {
    assertThatThrownBy(() -> versions(range))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no range of versions");
  }

  @Test
  void theNewestNoneAreRefused() {
    assertThatThrownBy(
            () ->
                new Selection(
                    List.of(), List.of(), Optional.empty(), OptionalInt.of(0), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aGlobOfManyStarsTakesNoLongerThanItsLength() {
    Selection selection = selection(List.of("*a".repeat(100) + "*b"), List.of());

    assertThat(selection.wants(image("a".repeat(200) + ":1"))).isFalse();
    assertThat(selection.wants(image("a".repeat(199) + "b:1"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'[!a-c]*', dog:1, true",
    "'[!a-c]*', cat:1, false",
    "'{a,b}/{c,d}', b/c:1, true",
    "'{a,b}/{c,d}', b/e:1, false",
    "?at, cat:1, true",
    "?at, at:1, false",
  })
  void aGlobHasChoicesAndClasses(String glob, String image, boolean wanted) {
    assertThat(selection(List.of(glob), List.of()).wants(image(image))).isEqualTo(wanted);
  }
}
