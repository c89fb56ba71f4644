package dev.imgcompat.core.sweep.plan;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which references count. Immutable.
 *
 * <p>Its constructor throws an IllegalArgumentException, with a message in one line, for what is no
 * pattern and no range.
 */
public final class Selection {
  /** Everything. */
  public static final Selection ALL =
      new Selection(List.of(), List.of(), Optional.empty(), OptionalInt.empty(), Optional.empty());

  private final List<String> include;
  private final List<String> exclude;
  private final Optional<String> versions;
  private final OptionalInt newest;
  private final Optional<Since> changedSince;
  private final List<NamePattern> included;
  private final List<NamePattern> excluded;
  private final Optional<VersionRange> range;

  /** A time, or one that goes along with now: exactly one of both. */
  public record Since(Optional<Instant> time, Optional<Duration> ago) {
    /** The time that it is at a given moment. */
    public Instant at(Instant now) {
      return time.orElseGet(() -> now.minus(ago.orElseThrow()));
    }
  }

  /**
   * Makes one.
   *
   * @param include globs on {@code REPOSITORY} or {@code REPOSITORY:TAG}, with or without the
   *     registry; all if empty
   * @param exclude the same; they win
   * @param versions a range of semantic versions, as npm writes it, that tags must be in
   * @param newest only so many tags of each repository, those pushed (or else made) last
   * @param changedSince only what was pushed (or else made) since
   */
  public Selection(
      List<String> include,
      List<String> exclude,
      Optional<String> versions,
      OptionalInt newest,
      Optional<Since> changedSince) {
    this.include = List.copyOf(include);
    this.exclude = List.copyOf(exclude);
    this.versions = versions;
    this.newest = newest;
    this.changedSince = changedSince;
    this.included = include.stream().map(NamePattern::new).toList();
    this.excluded = exclude.stream().map(NamePattern::new).toList();
    this.range = versions.map(VersionRange::new);
    if (newest.isPresent() && newest.getAsInt() < 1) {
      throw new IllegalArgumentException("the newest " + newest.getAsInt() + " tags are none");
    }
  }

  /** Globs of what counts; all if empty. */
  public List<String> include() {
    return include;
  }

  /** Globs of what does not count. */
  public List<String> exclude() {
    return exclude;
  }

  /** The range that tags must be in. */
  public Optional<String> versions() {
    return versions;
  }

  /** How many tags of each repository count. */
  public OptionalInt newest() {
    return newest;
  }

  /** Since when it must have been pushed. */
  public Optional<Since> changedSince() {
    return changedSince;
  }

  /** Whether it depends on when something was pushed. */
  public boolean asksForTimes() {
    return newest.isPresent() || changedSince.isPresent();
  }

  /** Whether anything of a repository may count. */
  public boolean wants(String registry, String repository) {
    return (included.isEmpty()
            || included.stream().anyMatch(p -> p.matchesRepository(registry, repository)))
        && excluded.stream()
            .noneMatch(p -> !p.hasTag() && p.matchesRepository(registry, repository));
  }

  /** Whether a reference counts, by its name. */
  public boolean wants(InRegistry reference) {
    return (included.isEmpty() || included.stream().anyMatch(p -> matches(p, reference)))
        && excluded.stream().noneMatch(p -> matches(p, reference))
        && (range.isEmpty() || reference.tag().filter(range.get()::has).isPresent());
  }

  private static boolean matches(NamePattern pattern, InRegistry reference) {
    return pattern.matches(reference.registry(), reference.repository(), reference.tag());
  }
}
