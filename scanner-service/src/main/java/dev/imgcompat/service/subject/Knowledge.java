package dev.imgcompat.service.subject;

import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import java.util.Optional;

/**
 * What is known of a subject.
 *
 * @param reference what it was found to name; absent where it was never asked for
 * @param image that it names; absent where that was never scanned whole
 */
public record Knowledge(Optional<StoredReference> reference, Optional<StoredImage> image) {
  /** Nothing. */
  public static final Knowledge NONE = new Knowledge(Optional.empty(), Optional.empty());

  /** The verdict for a runtime. */
  public Optional<Verdict> verdict(String runtime) {
    return image.flatMap(
        i -> i.report().verdicts().stream().filter(v -> v.runtime().equals(runtime)).findFirst());
  }
}
