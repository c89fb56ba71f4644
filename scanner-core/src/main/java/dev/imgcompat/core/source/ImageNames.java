package dev.imgcompat.core.source;

import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ScanException;

/** Compares names of images as Docker writes them into archives. */
final class ImageNames {
  private ImageNames() {}

  /** The name in full, {@code docker.io/library/centos:6.8} for {@code centos:6.8}. */
  static String full(String name) {
    try {
      return ImageReference.parse("docker://" + name).canonical();
    } catch (ScanException.InvalidReference e) {
      return name;
    }
  }

  /** What follows the last colon of a name, if that is a tag; all of it otherwise. */
  static String tag(String name) {
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(colon + 1) : name;
  }
}
