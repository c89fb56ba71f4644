package dev.imgcompat.core.router;

import dev.imgcompat.core.access.RegistryName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads back which names a pattern is for, if it is written as {@link ImagePatterns} writes them.
 * Patterns are data of strangers: what is not of this form, or stands for too much, is nobody's.
 */
public final class PatternNames {
  private static final int MAX_NAMES = 1_000_000;
  private static final int MAX_DEPTH = 200;
  private static final String HUB = Pattern.quote(RepositoryPattern.HUB);
  private static final String HOST = "((?:[A-Za-z0-9_:-]|\\\\[.\\[\\]])+)/";
  private static final Pattern PREFIXED =
      Pattern.compile(
          "(?:(?<hub>\\(\\?:"
              + HUB
              + "(?:\\|"
              + HOST
              + ")?\\)\\?|"
              + HUB
              + ")"
              + "|\\(\\?:(?<default>"
              + HOST
              + ")\\)\\?"
              + "|(?<host>"
              + HOST
              + "))"
              + "(?<official>\\(\\?:library/\\)\\?)?"
              + "(?<path>(?:[a-z0-9_/-]|\\\\\\.)+)(?<rest>[(:].*)");
  private static final String DIGEST = RepositoryPattern.ANY_TAG + RepositoryPattern.SHA256;

  private final String text;
  private int at;
  private int depth;

  private PatternNames(String text) {
    this.text = text;
  }

  /**
   * Returns the names that an anchored pattern is for, digests abbreviated; empty if it is of
   * another form.
   */
  public static Optional<SortedSet<ImageName>> of(String pattern) {
    return pattern.startsWith("^") && pattern.endsWith("$")
        ? names(pattern.substring(1, pattern.length() - 1))
        : Optional.empty();
  }

  /**
   * Returns the names that a pattern for all but them is for, digests abbreviated; empty if it is
   * of another form.
   */
  public static Optional<SortedSet<ImageName>> ofAllBut(String pattern) {
    String before = "^(?!(?:";
    String after = ")$)";
    if (!pattern.startsWith(before) || !pattern.endsWith(after)) {
      return Optional.empty();
    }
    String inner = pattern.substring(before.length(), pattern.length() - after.length());
    SortedSet<ImageName> all = new TreeSet<>();
    return addAll(inner, all, 0) ? Optional.of(all) : Optional.empty();
  }

  /** Adds the names of patterns in a row, or in groups of rows. */
  private static boolean addAll(String row, SortedSet<ImageName> all, int depth) {
    for (String one : branches(row)) {
      String group = "(?:";
      if (depth < MAX_DEPTH && one.startsWith(group) && end(one, 0) == one.length() - 1) {
        if (!addAll(one.substring(group.length(), one.length() - 1), all, depth + 1)) {
          return false;
        }
        continue;
      }
      Optional<SortedSet<ImageName>> names = names(one);
      if (names.isEmpty()) {
        return false;
      }
      all.addAll(names.get());
    }
    return true;
  }

  /** The parts between the bars that are in no group. */
  private static List<String> branches(String pattern) {
    List<String> branches = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '(') {
        i = end(pattern, i);
      } else if (c == '|') {
        branches.add(pattern.substring(start, i));
        start = i + 1;
      }
    }
    branches.add(pattern.substring(start));
    return branches;
  }

  /** Where the group ends that begins somewhere; the end of the pattern if it does not. */
  private static int end(String pattern, int begin) {
    int depth = 0;
    for (int i = begin; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return i;
      }
    }
    return pattern.length();
  }

  private static Optional<SortedSet<ImageName>> names(String pattern) {
    Matcher matcher = PREFIXED.matcher(pattern);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String host = Optional.ofNullable(matcher.group("default")).orElse(matcher.group("host"));
    String registry =
        host == null ? RegistryName.DOCKER_HUB : plain(host.substring(0, host.length() - 1));
    String repository =
        (matcher.group("official") == null ? "" : RepositoryPattern.OFFICIAL)
            + plain(matcher.group("path"));
    SortedSet<ImageName> names = new TreeSet<>();
    try {
      PatternNames reader = new PatternNames(matcher.group("rest"));
      for (String qualifier : reader.alternatives()) {
        names.add(
            new ImageName(
                registry,
                repository,
                qualifier.isEmpty() ? ":" + RepositoryPattern.LATEST : qualifier));
      }
      return reader.at == reader.text.length() ? Optional.of(names) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String plain(String escaped) {
    return escaped.replace("\\", "");
  }

  private List<String> alternatives() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException();
    }
    List<String> all = new ArrayList<>(sequence());
    while (at < text.length() && text.charAt(at) == '|') {
      at++;
      all.addAll(sequence());
      bounded(all.size());
    }
    depth--;
    return all;
  }

  private List<String> sequence() {
    List<String> all = List.of("");
    while (at < text.length() && "|)".indexOf(text.charAt(at)) < 0) {
      List<String> next = optional(atom());
      bounded((long) all.size() * next.size());
      List<String> longer = new ArrayList<>();
      for (String before : all) {
        for (String after : next) {
          longer.add(before + after);
        }
      }
      all = longer;
    }
    return all;
  }

  private List<String> optional(List<String> atom) {
    if (at < text.length() && text.charAt(at) == '?') {
      at++;
      List<String> with = new ArrayList<>(atom);
      with.add("");
      return with;
    }
    return atom;
  }

  private List<String> atom() {
    if (text.startsWith(DIGEST, at)) {
      at += DIGEST.length();
      return List.of(RepositoryPattern.SHA256);
    }
    if (text.startsWith(RepositoryPattern.REST_OF_DIGEST, at)) {
      at += RepositoryPattern.REST_OF_DIGEST.length();
      return List.of("");
    }
    if (text.startsWith("(?:", at)) {
      at += "(?:".length();
      List<String> inner = alternatives();
      expect(')');
      return inner;
    }
    if (text.charAt(at) == '[') {
      at++;
      List<String> set = new ArrayList<>();
      while (at < text.length() && text.charAt(at) != ']') {
        set.add(character());
      }
      expect(']');
      return set;
    }
    return List.of(character());
  }

  /** One character that stands for itself. */
  private String character() {
    char c = text.charAt(at++);
    if (c == '\\' && at < text.length()) {
      c = text.charAt(at++);
      if (Character.isLetterOrDigit(c)) {
        throw new IllegalArgumentException();
      }
    } else if ("\\^$*+?{}()|.".indexOf(c) >= 0) {
      throw new IllegalArgumentException();
    }
    return String.valueOf(c);
  }

  private void expect(char c) {
    if (at >= text.length() || text.charAt(at) != c) {
      throw new IllegalArgumentException();
    }
    at++;
  }

  private static void bounded(long count) {
    if (count > MAX_NAMES) {
      throw new IllegalArgumentException();
    }
  }
}
