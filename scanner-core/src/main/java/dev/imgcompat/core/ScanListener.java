package dev.imgcompat.core;

import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.ScanException;

/** Is told how a scan goes on. Called by several threads at once; must not block or throw. */
public interface ScanListener {
  /** Listens to nothing. */
  ScanListener NONE = new ScanListener() {};

  /** An image was resolved; its layers are looked at next. */
  default void resolved(Image image) {}

  /** The facts of a layer of an image are there, read or known. */
  default void layerKnown(Image image, boolean fromCache) {}

  /** The bytes of a layer begin to come. */
  default void layerStarted(ImageReference image, Layer layer) {}

  /** So many more bytes of a layer have come. */
  default void layerBytes(Layer layer, long bytes) {}

  /** No more bytes of a layer will come, for whatever reason. */
  default void layerEnded(Layer layer) {}

  /** So many more bytes of an image were looked at whose layers nobody can tell apart yet. */
  default void bytes(ImageReference image, long bytes) {}

  /** The images of a reference were scanned, for good or ill. */
  default void ended(ImageReference image) {}

  /** An image could not be scanned; the result says so as well, without the cause. */
  default void failed(String reference, ScanException failure) {}
}
