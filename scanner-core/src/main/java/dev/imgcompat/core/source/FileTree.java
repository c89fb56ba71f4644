package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import dev.imgcompat.core.image.ScanException;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;

/** The files of a layout: in a directory, in an archive, or in one that passed as a stream. */
interface FileTree {
  /** What it is, for messages, such as {@code the archive images.tar}. */
  String name();

  /** The paths of its files, normalised; empty where nobody needs them. */
  Collection<String> paths();

  /** Whether these are all its files: an archive that was cut off may lack its last ones. */
  boolean isComplete();

  /**
   * Reads a small file whole.
   *
   * @param most bytes that it may have
   * @return empty where there is no such file
   */
  Optional<byte[]> document(String path, int most) throws ScanException;

  /** The size of a file in bytes; empty where there is no such file. */
  OptionalLong size(String path) throws ScanException;

  /** The digest of a file's bytes. */
  Digest digest(String path) throws ScanException, InterruptedException;

  /** The content of a file that is a layer, or why it cannot be had. */
  LayerContent layer(String path, Layer layer, DigestOf digestOf);

  /** A layer that a tree lacks. */
  static LayerContent missing(FileTree files, String path, Layer layer) {
    return new LayerContent.Failed(
        layer, new ScanException.Damaged(files.name() + " lacks " + path, null));
  }
}
