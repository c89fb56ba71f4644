package dev.imgcompat.core.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The content of a layer, in one of the forms in which it can be had. */
public sealed interface LayerContent {
  /** Which bytes the digest of a layer is of. */
  enum DigestOf {
    /** The blob as it is transferred. */
    BLOB,
    /** The tar in it, uncompressed: archives of Docker tell of no other digest. */
    TAR
  }

  /**
   * A blob, compressed or not, read once from start to end.
   *
   * @param layer which blob
   * @param digestOf what its digest is of
   * @param remote whether it comes from elsewhere, so that another try may do better
   * @param opener opens its bytes
   */
  record Blob(Layer layer, DigestOf digestOf, boolean remote, Opener opener)
      implements LayerContent {
    /** A blob that is named by its own digest. */
    public Blob(Layer layer, boolean remote, Opener opener) {
      this(layer, DigestOf.BLOB, remote, opener);
    }
  }

  /**
   * A layer that was read while it passed, or whose facts are kept: there is nothing to open.
   *
   * @param layer which one; {@link PassingLayers} knows the facts by its digest
   */
  record Known(Layer layer) implements LayerContent {}

  /**
   * A layer that cannot be had, whatever is known of one with its digest.
   *
   * @param layer which one
   * @param failure why
   */
  record Failed(Layer layer, ScanException failure) implements LayerContent {}

  /**
   * A directory that is already what a container would see.
   *
   * @param root the directory
   */
  record Directory(Path root) implements LayerContent {}

  /** Opens the bytes of a blob. */
  @FunctionalInterface
  interface Opener {
    /**
     * Returns a new stream of the bytes; the caller closes it. A read that fails with a {@link
     * TransferException} tells why in its words.
     */
    InputStream open() throws IOException, ScanException, InterruptedException;

    /**
     * Whether to open it once more, for other bytes, after what it gave turned out to be wrong or
     * broke off. Is asked once for each failure, and says no in the end.
     *
     * @param failure of the stream that was opened last, which is closed
     */
    default boolean isWorthAnother(ScanException failure) {
      return false;
    }
  }
}
