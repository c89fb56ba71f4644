package dev.imgcompat.service.kubernetes;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;

/** Says which image a pod's spec names. */
@FunctionalInterface
public interface Naming {
  /**
   * The image of a name.
   *
   * @throws ScanException.InvalidReference if it is none
   */
  InRegistry image(String name) throws ScanException.InvalidReference;
}
