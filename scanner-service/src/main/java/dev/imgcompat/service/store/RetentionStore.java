package dev.imgcompat.service.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Finds out what nothing uses any more, and forgets it: page by page, so that nobody waits for it.
 * Several may do so at once. What is forgotten too early is only read again.
 */
public interface RetentionStore {
  /** How much is looked at in one call. */
  int PAGE = 500;

  /**
   * One page of a walk.
   *
   * @param last where to go on; empty at the end
   * @param forgotten how much was forgotten
   */
  record Page(Optional<String> last, int forgotten) {}

  /**
   * Notes of images that were kept before it was noted, what they are made of.
   *
   * @return how many; none if all are
   */
  int linkImages();

  /** Whether it is known of all images what they are made of. */
  boolean allLinked();

  /**
   * Marks images that no reference names, and forgets those that were marked before a time.
   *
   * @param now of marks that are made
   */
  Page forgetImages(Optional<String> after, Instant now, Instant markedBefore);

  /** Forgets manifests and configs that nothing uses, if they were kept before a time. */
  Page forgetDocuments(Optional<String> after, Instant before);

  /**
   * Forgets facts of layers.
   *
   * @param unusedBefore those kept before, if no image has the layer
   * @param olderBefore those kept before, if there are newer ones of the same layer
   */
  Page forgetFacts(Optional<String> after, Instant unusedBefore, Instant olderBefore);

  /** Forgets what digests led to that no tag names, or that is judged anew by now. */
  Page forgetOutcomes(Optional<String> after, Instant before);
}
