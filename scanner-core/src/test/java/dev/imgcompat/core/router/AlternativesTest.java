package dev.imgcompat.core.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AlternativesTest {
  @Test
  void whatIsCommonIsWrittenOnce() {
    assertThat(Alternatives.of(List.of("6.8", "6.9"))).isEqualTo("6\\.[89]");
    assertThat(Alternatives.of(List.of("6.8"))).isEqualTo("6\\.8");
    assertThat(Alternatives.of(List.of("6", "6.8", "7"))).isEqualTo("(?:6(?:\\.8)?|7)");
    assertThat(Alternatives.of(List.of("6", "61"))).isEqualTo("61?");
    assertThat(Alternatives.of(List.of("6", "61", "62"))).isEqualTo("6[12]?");
    assertThat(Alternatives.of(List.of("a-b", "a_b"))).isEqualTo("a[\\-_]b");
  }

  @Test
  void exactlyTheWordsAreMatched() {
    Random random = new Random(6);
    String alphabet = "ab1.-_";
    for (int round = 0; round < 500; round++) {
      Set<String> words = new TreeSet<>();
      for (int i = 0; i < 1 + random.nextInt(12); i++) {
        words.add(word(random, alphabet));
      }
      Pattern pattern = Pattern.compile(Alternatives.of(words));
      words.forEach(w -> assertThat(w).matches(pattern));
      for (int i = 0; i < 200; i++) {
        String word = word(random, alphabet);
        assertThat(pattern.matcher(word).matches())
            .as("%s by %s of %s", word, pattern, words)
            .isEqualTo(words.contains(word));
      }
    }
  }

  private static String word(Random random, String alphabet) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i <= random.nextInt(5); i++) {
      word.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return word.toString();
  }
}
