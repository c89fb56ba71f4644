package dev.imgcompat.service.store;

import dev.imgcompat.core.image.Digest;
import java.util.Collection;
import java.util.Optional;

/** Keeps images by the digests of their manifests. */
public interface ImageStore {
  /** The image of a digest, with all its verdicts. */
  Optional<StoredImage> image(Digest digest);

  /**
   * Keeps an image. Verdicts for runtimes that the given one lacks stay as they are, if the image
   * was read by the same analyzers; otherwise they are gone.
   */
  void put(StoredImage image);

  /** Forgets the verdicts on an image for other runtimes than some. */
  void keepVerdicts(Digest digest, Collection<String> runtimes);

  /** How many images are kept. */
  long count();
}
