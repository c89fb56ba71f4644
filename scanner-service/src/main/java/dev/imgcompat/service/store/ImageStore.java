package dev.imgcompat.service.store;

import dev.imgcompat.core.image.Digest;
import java.util.Collection;
import java.util.List;
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

  /**
   * Makes sure that images are kept for a while, though perhaps no reference names them yet.
   *
   * @return whether all of them are there
   */
  boolean keep(Collection<Digest> images);

  /** Digests of images in their order. */
  List<Digest> digests(Optional<Digest> after, int limit);

  /**
   * Which of some images are judged otherwise than now, or not for all runtimes.
   *
   * @param analyzers by which layers are read now
   * @param judgedBy by what images are judged now
   */
  List<Digest> unjudged(
      Collection<Digest> images, String analyzers, String judgedBy, Collection<String> runtimes);

  /** How many images are kept. */
  long count();
}
