package dev.imgcompat.core.sweep.plan;

import dev.imgcompat.core.image.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.semver4j.Semver;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/**
 * A range of semantic versions, as npm writes it. Tags may lack the minor and the patch version,
 * and may begin with a v: {@code v1.2} is 1.2.0. What follows a hyphen is a pre-release, which a
 * range is only meant to have if it names one of the same version. Immutable.
 */
final class VersionRange {
  private static final Pattern TAG =
      Pattern.compile("v?(\\d{1,9})(\\.\\d{1,9})?(\\.\\d{1,9})?([-+].*)?");
  private static final int MOST_CHARACTERS = 200;

  private final RangeList range;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; the message says so in one line
   */
  VersionRange(String text) {
    if (text.isBlank() || text.length() > MOST_CHARACTERS || !text.matches(".*(\\d|\\*|x|X).*")) {
      throw malformed(text);
    }
    try {
      this.range = RangeListFactory.create(text);
    } catch (RuntimeException e) {
      throw malformed(text);
    }
    if (range.get().stream().allMatch(java.util.List::isEmpty)) {
      throw malformed(text);
    }
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'"
            + Printable.of(text)
            + "' is no range of versions: write one as npm does, such as '>=1.4 <2' or '^3.1'");
  }

  /** Whether a tag is a version in the range. */
  boolean has(String tag) {
    Matcher matcher = TAG.matcher(tag);
    if (!matcher.matches()) {
      return false;
    }
    String rest = matcher.group(4) == null ? "" : matcher.group(4);
    Semver version =
        Semver.parse(
            matcher.group(1)
                + (matcher.group(2) == null ? ".0" : matcher.group(2))
                + (matcher.group(3) == null ? ".0" : matcher.group(3))
                + rest);
    return version != null && range.isSatisfiedBy(version);
  }
}
