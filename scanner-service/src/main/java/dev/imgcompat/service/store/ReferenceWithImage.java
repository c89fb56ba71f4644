package dev.imgcompat.service.store;

import java.util.Optional;

/**
 * A reference and the image it names.
 *
 * @param reference as it is kept
 * @param image absent where it was never scanned whole
 * @param plan whose sweep found what it names; absent if a lookup did
 */
public record ReferenceWithImage(
    StoredReference reference, Optional<StoredImage> image, Optional<String> plan) {
  /** One that a lookup found. */
  public ReferenceWithImage(StoredReference reference, Optional<StoredImage> image) {
    this(reference, image, Optional.empty());
  }
}
