package dev.imgcompat.core.router;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The shortest simple pattern that some words match, and nothing else: what they begin with and
 * what they end with in common is written once, {@code 6\.[89]}.
 */
final class Alternatives {
  private static final String META = "\\^$.*+?()[]{}|";

  private static final int MAX_ROW = 250;

  /** What may follow a common beginning, by its next character. */
  private final Map<Character, Alternatives> next = new TreeMap<>();

  private boolean isEnd;

  private Alternatives() {}

  /** Returns the pattern of one or more words; the same for the same words. */
  static String of(Collection<String> words) {
    Alternatives root = new Alternatives();
    words.forEach(root::add);
    return root.pattern();
  }

  /**
   * Returns the pattern of what one of many patterns matches, for a place in a group: in groups of
   * groups where they are many, since engines go as deep for the last of a row as it is long.
   */
  static String anyOf(List<String> patterns) {
    if (patterns.size() <= MAX_ROW) {
      return String.join("|", patterns);
    }
    int rows = (patterns.size() + MAX_ROW - 1) / MAX_ROW;
    int length = (patterns.size() + rows - 1) / rows;
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < patterns.size(); i += length) {
      List<String> row = patterns.subList(i, Math.min(patterns.size(), i + length));
      groups.add("(?:" + String.join("|", row) + ")");
    }
    return anyOf(groups);
  }

  /** Returns the pattern of one text, which stands for nothing else. */
  static String literal(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      escaped.append(escaped(text.charAt(i)));
    }
    return escaped.toString();
  }

  private void add(String word) {
    Alternatives node = this;
    for (int i = 0; i < word.length(); i++) {
      node = node.next.computeIfAbsent(word.charAt(i), k -> new Alternatives());
    }
    node.isEnd = true;
  }

  private String pattern() {
    Map<String, List<Character>> beginnings = new LinkedHashMap<>();
    next.forEach(
        (character, rest) ->
            beginnings.computeIfAbsent(rest.pattern(), k -> new ArrayList<>()).add(character));
    List<String> branches = new ArrayList<>();
    beginnings.forEach((rest, characters) -> branches.add(oneOf(characters) + rest));
    if (branches.isEmpty()) {
      return "";
    }
    String all = String.join("|", branches);
    boolean isOneStep =
        branches.size() == 1 && next.values().stream().allMatch(n -> n.next.isEmpty());
    if (branches.size() == 1 && (!isEnd || isOneStep)) {
      return isEnd ? all + "?" : all;
    }
    return "(?:" + all + ")" + (isEnd ? "?" : "");
  }

  private static String oneOf(List<Character> characters) {
    if (characters.size() == 1) {
      return escaped(characters.get(0));
    }
    StringBuilder set = new StringBuilder("[");
    characters.forEach(c -> set.append("]\\^-".indexOf(c) < 0 ? "" : "\\").append(c));
    return set.append(']').toString();
  }

  private static String escaped(char c) {
    return META.indexOf(c) < 0 ? String.valueOf(c) : "\\" + c;
  }
}
