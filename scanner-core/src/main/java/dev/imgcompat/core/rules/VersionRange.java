package dev.imgcompat.core.rules;

import dev.imgcompat.core.rootfs.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A condition on versions, such as {@code <2.15} or {@code >=2.7 <2.14}: all parts must hold. */
public final class VersionRange {
  private static final Pattern PART = Pattern.compile("(<=|>=|<|>|=)(\\d+(?:\\.\\d+)*)");

  private record Bound(String operator, Versions.Key version) {
    boolean holds(Versions.Key candidate) {
      int order = candidate.compareTo(version);
      return switch (operator) {
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        case ">=" -> order >= 0;
        default -> order == 0;
      };
    }
  }

  private final String text;
  private final List<Bound> bounds;

  private VersionRange(String text, List<Bound> bounds) {
    this.text = text;
    this.bounds = List.copyOf(bounds);
  }

  /**
   * Returns the range that {@code text} spells.
   *
   * @throws IllegalArgumentException if it spells none
   */
  public static VersionRange parse(String text) {
    List<Bound> bounds = new ArrayList<>();
    for (String part : text.trim().split("\\s+", -1)) {
      Matcher matcher = PART.matcher(part);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("'" + text + "' is not a version range");
      }
      bounds.add(new Bound(matcher.group(1), Versions.key(matcher.group(2))));
    }
    return new VersionRange(text, bounds);
  }

  /** Whether a version is in the range; what does not start with a number is in none. */
  public boolean contains(String version) {
    Versions.Key key = Versions.key(version);
    return !key.parts().isEmpty() && bounds.stream().allMatch(b -> b.holds(key));
  }

  @Override
  public String toString() {
    return text;
  }
}
