package dev.imgcompat.service.store;

import dev.imgcompat.core.facts.FactStore;

/**
 * All that the service keeps. Safe for use by several threads and, where the database is shared, by
 * several replicas.
 *
 * <p>Every write is whole or not at all, and writing the same once more changes nothing. All
 * methods but those of {@link #facts} throw a {@link StoreUnavailableException} if the store is
 * down; they wait for it no longer than its time-out.
 */
public interface Store extends AutoCloseable {
  /** Facts of layers, manifests and configs. A failure to read or keep them is one of nobody. */
  FactStore facts();

  /** Images, and the verdicts on them. */
  ImageStore images();

  /** What references name. */
  ReferenceStore references();

  /** Scans that are to be done, and those that were. */
  ScanStore scans();

  /** Revisions of the lists. */
  ListStore lists();

  /** Runs of sweeps. */
  SweepStore sweeps();

  /** What sweeps know of tags. */
  SweptTagStore sweptTags();

  /** How decisions have changed. */
  HistoryStore history();

  /** What nothing uses any more. */
  RetentionStore retention();

  /**
   * Asks whether it works.
   *
   * @throws StoreUnavailableException if it does not
   */
  void check();

  /** Frees its connections. */
  @Override
  void close();
}
