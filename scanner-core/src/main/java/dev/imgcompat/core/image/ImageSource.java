package dev.imgcompat.core.image;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A transport through which images come. Implementations are safe for use by several threads.
 *
 * <p>Whatever an image's author or a registry does, {@link #resolve} either returns images whose
 * manifests and configs had the digests that were asked for, or throws a {@link ScanException} of
 * one line.
 */
public interface ImageSource extends AutoCloseable {
  /** Whether this source is the one for {@code reference}. */
  boolean serves(ImageReference reference);

  /**
   * Resolves a reference to the images behind it: one, or with {@link PlatformRequest#ALL} one per
   * platform of an index. No layer is read, but for those that pass in a stream which comes only
   * once.
   *
   * @param passing reads those
   * @throws ScanException if there is no such image, or it cannot be had
   * @throws InterruptedException if the thread was interrupted
   */
  List<Image> resolve(ImageReference reference, PlatformRequest platforms, PassingLayers passing)
      throws ScanException, InterruptedException;

  /**
   * Says which manifest or index a reference names now, without fetching it.
   *
   * @return its digest, or empty where only {@link #resolve} tells
   * @throws ScanException if there is no such image, or it cannot be asked for
   * @throws InterruptedException if the thread was interrupted
   */
  default Optional<Digest> digest(ImageReference reference)
      throws ScanException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Says when an image was made, by its config; of an index, by that of the image for linux/amd64
   * or else the first one.
   *
   * @return empty if that does not tell, or only layers would
   * @throws ScanException if there is no such image, or it cannot be had
   * @throws InterruptedException if the thread was interrupted
   */
  default Optional<Instant> created(ImageReference reference)
      throws ScanException, InterruptedException {
    return Optional.empty();
  }

  /** Frees connections; further calls fail. */
  @Override
  default void close() {}
}
