package dev.imgcompat.core.sweep.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A glob: {@code *} and {@code ?} stay within one part of a path, {@code **} does not; <code>[a-z]
 * </code> is one character, <code>[!a-z]</code> one of the others; <code>{a,b}</code> is either.
 * Time grows with the lengths of both, and no faster: whoever writes a plan may be a stranger.
 * Immutable.
 */
final class Glob {
  private static final int MOST_CHARACTERS = 300;
  private static final int MOST_CHOICES = 64;

  private final List<List<Step>> choices;

  /** A part of a glob: what it takes, and how often. */
  private record Step(Kind kind, BitSet characters) {
    boolean takes(char c) {
      return switch (kind) {
        case ANY_OF -> characters.get(c);
        case PART -> c != '/';
        case EVERYTHING -> true;
      };
    }
  }

  private enum Kind {
    /** One of some characters. */
    ANY_OF,
    /** As many as there are, but for a slash. */
    PART,
    /** As many as there are. */
    EVERYTHING
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none, or too long
   */
  Glob(String text) {
    if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("no glob");
    }
    this.choices = choices(text).stream().map(Glob::steps).toList();
  }

  /** What the braces stand for, written out. */
  private static List<String> choices(String text) {
    List<String> done = new ArrayList<>();
    List<String> open = new ArrayList<>(List.of(text));
    while (!open.isEmpty()) {
      String next = open.remove(open.size() - 1);
      int begin = next.indexOf('{');
      if (begin < 0) {
        if (next.indexOf('}') >= 0) {
          throw new IllegalArgumentException("no glob");
        }
        done.add(next);
      } else {
        int end = next.indexOf('}', begin);
        if (end < 0 || next.substring(begin + 1, end).indexOf('{') >= 0) {
          throw new IllegalArgumentException("no glob");
        }
        for (String choice : next.substring(begin + 1, end).split(",", -1)) {
          open.add(next.substring(0, begin) + choice + next.substring(end + 1));
        }
      }
      if (open.size() + done.size() > MOST_CHOICES) {
        throw new IllegalArgumentException("no glob");
      }
    }
    return done;
  }

  private static List<Step> steps(String text) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '*') {
        boolean twice = i + 1 < text.length() && text.charAt(i + 1) == '*';
        steps.add(new Step(twice ? Kind.EVERYTHING : Kind.PART, new BitSet()));
        i += twice ? 1 : 0;
      } else if (c == '?') {
        BitSet all = all();
        all.clear('/');
        steps.add(new Step(Kind.ANY_OF, all));
      } else if (c == '[') {
        int end = text.indexOf(']', i + 2);
        if (end < 0) {
          throw new IllegalArgumentException("no glob");
        }
        steps.add(new Step(Kind.ANY_OF, some(text.substring(i + 1, end))));
        i = end;
      } else if (c == ']' || c == '\\') {
        throw new IllegalArgumentException("no glob");
      } else {
        BitSet one = new BitSet();
        one.set(c);
        steps.add(new Step(Kind.ANY_OF, one));
      }
    }
    return steps;
  }

  private static BitSet all() {
    BitSet all = new BitSet();
    all.set(0, Character.MAX_VALUE + 1);
    return all;
  }

  private static BitSet some(String text) {
    boolean others = text.startsWith("!") || text.startsWith("^");
    String listed = others ? text.substring(1) : text;
    BitSet some = new BitSet();
    for (int i = 0; i < listed.length(); i++) {
      if (i + 2 < listed.length() && listed.charAt(i + 1) == '-') {
        if (listed.charAt(i) > listed.charAt(i + 2)) {
          throw new IllegalArgumentException("no glob");
        }
        some.set(listed.charAt(i), listed.charAt(i + 2) + 1);
        i += 2;
      } else {
        some.set(listed.charAt(i));
      }
    }
    if (some.isEmpty()) {
      throw new IllegalArgumentException("no glob");
    }
    if (others) {
      some.flip(0, Character.MAX_VALUE + 1);
    }
    some.clear('/');
    return some;
  }

  /** Whether it stands for the whole text. */
  boolean matches(String text) {
    return choices.stream().anyMatch(steps -> matches(steps, text));
  }

  /** Goes through the text once, and keeps all steps at which it may be. */
  private static boolean matches(List<Step> steps, String text) {
    boolean[] at = new boolean[steps.size() + 1];
    at[0] = true;
    passOver(steps, at);
    for (int i = 0; i < text.length(); i++) {
      boolean[] next = new boolean[at.length];
      for (int step = 0; step < steps.size(); step++) {
        if (at[step] && steps.get(step).takes(text.charAt(i))) {
          next[steps.get(step).kind() == Kind.ANY_OF ? step + 1 : step] = true;
        }
      }
      at = next;
      passOver(steps, at);
    }
    return at[steps.size()];
  }

  /** What may take nothing. */
  private static void passOver(List<Step> steps, boolean[] at) {
    for (int step = 0; step < steps.size(); step++) {
      at[step + 1] |= at[step] && steps.get(step).kind() != Kind.ANY_OF;
    }
  }
}
