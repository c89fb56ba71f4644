package dev.imgcompat.core.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The content of a layer, in one of the two forms in which it can be had. */
public sealed interface LayerContent {
  /**
   * A blob, compressed or not, read once from start to end.
   *
   * @param layer which blob
   * @param remote whether it comes from elsewhere, so that another try may do better
   * @param opener opens its bytes
   */
  record Blob(Layer layer, boolean remote, Opener opener) implements LayerContent {}

  /**
   * A directory that is already what a container would see.
   *
   * @param root the directory
   */
  record Directory(Path root) implements LayerContent {}

  /** Opens the bytes of a blob. */
  @FunctionalInterface
  interface Opener {
    /** Returns a new stream of the bytes; the caller closes it. */
    InputStream open() throws IOException, ScanException;
  }
}
