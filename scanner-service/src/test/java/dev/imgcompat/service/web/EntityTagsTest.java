package dev.imgcompat.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
  private static boolean match(String... values) {
    return EntityTags.match(Collections.enumeration(List.of(values)), "\"ab\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"ab\"", "W/\"ab\"", "*", " * ", "\"x\",\"ab\"", "\"x,\" , W/\"ab\"", ",\"ab\","})
  void aListWithTheTagMatches(String value) {
    assertThat(match(value)).isTrue();
    assertThat(match("\"y\"", value)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ab", "\"abc\"", "\"a\"", "\"ab", "w/\"ab\"", "\"x, ab\"", "W/", "x \"ab\""})
  void anythingElseDoesNot(String value) {
    assertThat(match(value)).isFalse();
    assertThat(match()).isFalse();
  }
}
