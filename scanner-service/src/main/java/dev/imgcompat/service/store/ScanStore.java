package dev.imgcompat.service.store;

import dev.imgcompat.core.image.Digest;
import java.time.Instant;
import java.util.Optional;

/** Keeps scans. Of one reference key and runtime at most one is active at a time. */
public interface ScanStore {
  /**
   * Keeps a new scan, unless one of the same key and runtime is active.
   *
   * @return whether it was kept
   */
  boolean add(ScanRecord scan);

  /** A scan. */
  Optional<ScanRecord> scan(String id);

  /** The active scan of a key and runtime, if there is one. */
  Optional<ScanRecord> active(ReferenceKey key, String runtime);

  /** The scan of a key and runtime that succeeded last, if it is still kept. */
  Optional<ScanRecord> lastDone(ReferenceKey key, String runtime);

  /** The scan that found an image for a runtime last, if it is still kept. */
  Optional<ScanRecord> lastDone(Digest image, String runtime);

  /** Keeps how far a scan is. */
  void update(ScanRecord scan);

  /** How many scans are active. */
  long countActive();

  /** Forgets one scan. */
  void forget(String id);

  /**
   * Forgets scans that ended before a time.
   *
   * @return how many
   */
  int forgetEnded(Instant before);
}
