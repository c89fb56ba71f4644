package dev.imgcompat.core.sweep.plan;

import dev.imgcompat.core.image.Printable;
import java.util.Optional;

/**
 * A glob on names of images: {@code *} and {@code ?} stay within one part of the path, {@code **}
 * does not, and there are {@code [a-z]} and <code>{a,b}</code>. What comes after a colon in the
 * last part is for the tag. A name matches with its registry and without. Immutable.
 */
final class NamePattern {
  private final Glob repository;
  private final Optional<Glob> tag;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; the message says so in one line
   */
  NamePattern(String glob) {
    int colon = glob.indexOf(':', glob.lastIndexOf('/') + 1);
    String tagGlob = colon < 0 ? "" : glob.substring(colon + 1);
    if (glob.isBlank() || (colon >= 0 && tagGlob.isEmpty()) || colon == 0) {
      throw malformed(glob);
    }
    try {
      this.repository = new Glob(colon < 0 ? glob : glob.substring(0, colon));
      this.tag = colon < 0 ? Optional.empty() : Optional.of(new Glob(tagGlob));
    } catch (IllegalArgumentException e) {
      throw malformed(glob);
    }
  }

  private static IllegalArgumentException malformed(String glob) {
    return new IllegalArgumentException(
        "'"
            + Printable.of(glob)
            + "' is no pattern for images: write REPOSITORY[:TAG] with *, **, ?, [a-z] or {a,b}, such"
            + " as 'team-*/**:*-rc'");
  }

  /** Whether it is about whole repositories. */
  boolean hasTag() {
    return tag.isPresent();
  }

  /** Whether the repository matches, whatever the tag. */
  boolean matchesRepository(String registry, String name) {
    return repository.matches(name) || repository.matches(registry + "/" + name);
  }

  /** Whether the name matches; an image that has no tag matches no pattern for tags. */
  boolean matches(String registry, String name, Optional<String> actual) {
    return matchesRepository(registry, name)
        && (tag.isEmpty() || (actual.isPresent() && tag.get().matches(actual.get())));
  }
}
