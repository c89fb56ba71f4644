package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.SweepSummary.Unlisted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a sweep could not see: of what it did not list it cannot say that it is gone. Safe for use
 * by several threads.
 */
final class Gaps {
  /** Repositories that are remembered; past it, any may be among them. */
  private static final int MOST_REPOSITORIES = 10_000;

  private final List<Unlisted> some = new ArrayList<>();
  private final Set<String> repositories = new HashSet<>();
  private boolean unknownExtent;
  private long count;
  private long unreached;

  /** Nobody knows how much could not be listed. */
  synchronized void add(String what, ScanException why) {
    unknownExtent = true;
    note(what, why);
  }

  /** The tags of one repository could not be listed. */
  synchronized void add(String registry, String repository, ScanException why) {
    if (repositories.size() < MOST_REPOSITORIES) {
      repositories.add(registry + "/" + repository);
    } else {
      unknownExtent = true;
    }
    note("repository " + registry + "/" + repository, why);
  }

  private void note(String what, ScanException why) {
    count++;
    if (some.size() < SweepSummary.MOST) {
      some.add(
          new Unlisted(
              what,
              why.kind(),
              why.whoseMove().name().toLowerCase(Locale.ROOT).replace('_', '-'),
              why.getMessage()));
    }
  }

  /** A tag that is known could not be looked at, since it was not listed or nobody answered. */
  synchronized void unreached() {
    unreached++;
  }

  /** Whether a tag may be there though it was not listed. */
  synchronized boolean mayHave(InRegistry reference) {
    return unknownExtent
        || repositories.contains(reference.registry() + "/" + reference.repository());
  }

  synchronized boolean isUnknownExtent() {
    return unknownExtent;
  }

  synchronized List<Unlisted> some() {
    return List.copyOf(some);
  }

  synchronized long count() {
    return count;
  }

  /** How many tags that are known could not be looked at. */
  synchronized long unreachedTags() {
    return unreached;
  }
}
