package dev.imgcompat.core.lint;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which key was meant by one that nobody knows. */
final class NearKey {
  private static final Map<String, String> OTHER_WORDS =
      Map.ofEntries(
          Map.entry("exclude", "exclusions"),
          Map.entry("excludes", "exclusions"),
          Map.entry("excluded", "exclusions"),
          Map.entry("exclusionlist", "exclusions"),
          Map.entry("excludedimages", "exclusions"),
          Map.entry("weight", "weightage"),
          Map.entry("weights", "weightage"),
          Map.entry("weighting", "weightage"),
          Map.entry("plugin", "pluginName"),
          Map.entry("module", "pluginName"),
          Map.entry("option", "options"),
          Map.entry("kubernetes", "options.kubernetes"),
          Map.entry("launchversion", "options.launchVersion"),
          Map.entry("launchimage", "options.launchImage"),
          Map.entry("runtimeclass", "options.kubernetes.runtimeClass"),
          Map.entry("annotation", "options.kubernetes.annotations"),
          Map.entry("annotations", "options.kubernetes.annotations"));

  private NearKey() {}

  /** Returns the key that was meant: by another word, or but for two letters, or in other case. */
  static Optional<String> of(String key, Collection<String> known) {
    String plain = plain(key);
    Optional<String> near =
        known.stream()
            .filter(k -> distance(plain, plain(k)) <= (k.length() < 6 ? 1 : 2))
            .findFirst();
    return near.or(() -> Optional.ofNullable(OTHER_WORDS.get(plain)));
  }

  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }

  /** Levenshtein's; of keys that differ much in length it is only a lower bound. */
  private static int distance(String one, String other) {
    if (Math.abs(one.length() - other.length()) > 2) {
      return Math.abs(one.length() - other.length());
    }
    int[] before = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int changed = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, 1 + Math.min(before[j], row[j - 1]));
      }
      before = row;
    }
    return before[other.length()];
  }
}
