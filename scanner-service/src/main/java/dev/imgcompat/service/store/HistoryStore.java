package dev.imgcompat.service.store;

import dev.imgcompat.core.image.Digest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Keeps the decisions on each reference, the newest hundred for each runtime. */
public interface HistoryStore {
  /** How many are kept. */
  int KEPT = 100;

  /** Notes the verdicts on the image that a reference names, where they are others than before. */
  void note(ReferenceKey key, Collection<String> runtimes, Instant at);

  /** The same for every reference that names an image. */
  void note(Digest image, Collection<String> runtimes, Instant at);

  /** What was noted, newest first. */
  List<DecisionChange> history(ReferenceKey key, String runtime);

  /**
   * Forgets references that are gone since before a time.
   *
   * @return how many rows were forgotten; more may be left if it is {@code limit} or more
   */
  int forgetGone(Instant before, int limit);
}
