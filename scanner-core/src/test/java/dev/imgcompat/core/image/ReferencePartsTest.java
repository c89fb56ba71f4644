package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencePartsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b/c", "a.b", "a_b", "a__b", "a-b", "a---b", "0/9", "a1.b2/c3-d4"})
  void namesOfRepositoriesAreThoseThatReferencesHave(String name) throws Exception {
    assertThat(ReferenceParts.isRepository(name)).isTrue();
    assertThat(((ImageReference.InRegistry) ImageReference.parse("r.example/" + name)).repository())
        .isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "a/", "/a", "a//b", "A", "a..b", "a___b", "a_-b", "-a", "a-", ".", "..", "a/../b",
        "a b", "a:b", "a@b", "a%2fb", "a?b", "a#b", "\u00e4", "a\n"
      })
  void otherTextsAreNone(String name) {
    assertThat(ReferenceParts.isRepository(name)).isFalse();
  }

  @Test
  void namesAreBounded() {
    assertThat(ReferenceParts.isRepository("a".repeat(255))).isTrue();
    assertThat(ReferenceParts.isRepository("a".repeat(256))).isFalse();
    assertThat(ReferenceParts.isRepository("a-".repeat(1_000_000))).isFalse();
    assertThat(ReferenceParts.isTag("a".repeat(128))).isTrue();
    assertThat(ReferenceParts.isTag("a".repeat(129))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", ".a", "a b", "a/b", "a:b", "\u00e4", "a\n", "a%"})
  void whatIsNoTagIsNone(String tag) {
    assertThat(ReferenceParts.isTag(tag)).isFalse();
  }
}
