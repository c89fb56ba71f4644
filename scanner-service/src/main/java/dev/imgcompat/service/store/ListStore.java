package dev.imgcompat.service.store;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Keeps the revisions of the lists; the newest few. */
public interface ListStore {
  /** The number of the newest revision. */
  OptionalLong newestRevision();

  /** The newest revision. */
  Optional<ListRevision> newest();

  /**
   * Keeps a revision, if it follows the newest one; older ones may be forgotten.
   *
   * @param removed how many entries it takes off a list by itself; absent if somebody ordered it,
   *     and with it all removals so far
   * @return whether it did: otherwise somebody else was faster
   */
  boolean publish(ListRevision revision, OptionalInt removed);

  /** How many entries revisions took off lists by themselves since a time. */
  long removedSince(Instant time);

  /** Notes that something has changed that lists are made of. */
  void noteChange();

  /** How often something has changed, over all replicas. */
  long changes();
}
