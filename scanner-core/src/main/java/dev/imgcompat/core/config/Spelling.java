package dev.imgcompat.core.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what was meant by a misspelt word. */
final class Spelling {
  /** Longer ones are not compared. */
  private static final int MAX_LENGTH = 40;

  private Spelling() {}

  /** The nearest one of some known words, if it is near. */
  static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(bare(word), bare(candidate))))
        .filter(
            candidate ->
                distance(bare(word), bare(candidate)) <= Math.max(1, (word.length() + 1) / 3));
  }

  /** Without what people write differently. */
  private static String bare(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }

  /** How many letters have to be inserted, removed or replaced (Levenshtein). */
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    Arrays.setAll(above, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
