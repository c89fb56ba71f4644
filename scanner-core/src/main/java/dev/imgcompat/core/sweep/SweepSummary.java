package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.verdict.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a sweep came to. Lists in it are bounded, and numbers count all.
 *
 * @param plan its name
 * @param run its number
 * @param startedAt when it was begun first
 * @param endedAt when it ended
 * @param end how it ended
 * @param progress the last one
 * @param runtime whose decisions are counted below, the first that was asked for
 * @param decisions tags by decision: of several platforms the worst
 * @param repositoryCount how many repositories there are
 * @param repositories those with most tags that do not run as they are, at most {@link #MOST}
 * @param changes how many tags have changed since the sweep before, by kind; empty for the first
 *     one
 * @param changed some of these, at most {@link #MOST}
 * @param failures by cause, most frequent first, at most {@link #MOST}
 * @param layers those that cause most exclusions, at most {@link #MOST}
 * @param unlisted what could not be listed, at most {@link #MOST}
 * @param unlistedCount how much could not be listed
 * @param mayShrink whether lists may lose entries by it: not if nobody knows how much was not
 *     listed, or if too many tags that are known could not be looked at
 */
public record SweepSummary(
    String plan,
    long run,
    Instant startedAt,
    Instant endedAt,
    End end,
    SweepProgress progress,
    String runtime,
    Map<Decision, Long> decisions,
    long repositoryCount,
    List<RepositoryResult> repositories,
    Map<TagChange.Kind, Long> changes,
    List<ChangedTag> changed,
    List<FailureCause> failures,
    List<LayerBlame> layers,
    List<Unlisted> unlisted,
    long unlistedCount,
    boolean mayShrink) {
  public SweepSummary {
    repositories = List.copyOf(repositories);
    changed = List.copyOf(changed);
    failures = List.copyOf(failures);
    layers = List.copyOf(layers);
    unlisted = List.copyOf(unlisted);
  }

  /** How many entries its lists have at most. */
  public static final int MOST = 50;

  /** How a sweep ends. */
  public enum End {
    /** Everything was dealt with. */
    COMPLETE,
    /** Not everything could be listed. */
    INCOMPLETE,
    /** Somebody ended it; it may be resumed. */
    CANCELLED
  }

  /** Tags of one repository by decision. */
  public record RepositoryResult(String repository, Map<Decision, Long> decisions) {}

  /**
   * A tag that changed.
   *
   * @param reference in full
   * @param kind of change
   * @param before the decision that was; absent for a new tag
   * @param now the decision that is; absent for one that is gone
   */
  public record ChangedTag(
      String reference, TagChange.Kind kind, Optional<Decision> before, Optional<Decision> now) {}

  /**
   * Tags that failed in the same way.
   *
   * @param kind of failure
   * @param whoseMove who can do something about it
   * @param tags how many
   * @param example one of them
   * @param message why that one failed
   */
  public record FailureCause(
      String kind, String whoseMove, long tags, String example, String message) {}

  /**
   * A layer that makes images EXCLUDED.
   *
   * @param layer its digest
   * @param tags how many
   * @param repositories in how many repositories
   * @param rule the one that it breaks most often
   * @param path of what breaks it, in one image
   * @param example one of the tags
   */
  public record LayerBlame(
      Digest layer,
      long tags,
      long repositories,
      String rule,
      Optional<String> path,
      String example) {}

  /** Something that could not be listed. */
  public record Unlisted(String what, String kind, String whoseMove, String message) {}
}
