package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.Secrets;

/** References as people write them, of which only those to registries can be swept. */
final class WrittenReference {
  private WrittenReference() {}

  static InRegistry parse(String text) throws ScanException.InvalidReference {
    requireNoCredentials(text);
    if (ImageReference.parse(text) instanceof InRegistry reference) {
      return reference;
    }
    throw new ScanException.InvalidReference(
        "'" + text + "' is not in a registry, and a sweep reads only what is in one");
  }

  /** Does not repeat what may be secret. */
  static void requireNoCredentials(String text) throws ScanException.InvalidReference {
    if (!Secrets.masked(text).equals(text)) {
      throw new ScanException.InvalidReference(
          "credentials do not belong in a reference, where others see them");
    }
  }
}
