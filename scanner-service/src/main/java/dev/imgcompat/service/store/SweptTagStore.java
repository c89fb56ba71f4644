package dev.imgcompat.service.store;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps what sweeps know of tags, by plan. */
public interface SweptTagStore {
  /** What is known of a tag. */
  Optional<TagRecord> tag(String plan, String reference);

  /** Keeps what is known of a tag, unless a later run has dealt with it. */
  void put(String plan, TagRecord tag);

  /**
   * A tag is not known any more. If it was gone, its references leave with {@link #forgotten};
   * otherwise they stay as lookups' own.
   */
  void forget(String plan, String reference);

  /**
   * Tags of a plan in the order of their references.
   *
   * @param after where to go on; empty for the beginning
   */
  List<TagRecord> page(String plan, Optional<String> after, int limit);

  /** What a digest was found to lead to, judged by something. */
  Optional<List<TagOutcome>> outcomes(Digest digest, String basis);

  /** Keeps what a digest leads to. */
  void putOutcomes(Digest digest, String basis, List<TagOutcome> outcomes, Instant at);

  /**
   * Tags that are forgotten, or were gone before a time.
   *
   * @return at most {@code limit} of them
   */
  List<Left> forgotten(String plan, Instant before, int limit);

  /** Forgets for good that there was a tag, unless a sweep found something else since. */
  void remove(String plan, Left tag);

  /**
   * A tag that is to leave.
   *
   * @param reference in full
   * @param goneSince when the registry was found not to have it
   */
  record Left(String reference, Instant goneSince) {}
}
