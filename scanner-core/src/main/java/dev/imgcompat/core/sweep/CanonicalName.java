package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import java.util.Optional;

/**
 * Takes names apart that are in full. They are not read as people write them: there a registry is
 * only what has a dot or a port.
 */
final class CanonicalName {
  private CanonicalName() {}

  static InRegistry of(String canonical) {
    int slash = canonical.indexOf('/');
    int at = canonical.indexOf('@', slash);
    String name = at < 0 ? canonical : canonical.substring(0, at);
    int colon = name.indexOf(':', slash);
    return new InRegistry(
        canonical,
        canonical.substring(0, slash),
        name.substring(slash + 1, colon < 0 ? name.length() : colon),
        colon < 0 ? Optional.empty() : Optional.of(name.substring(colon + 1)),
        at < 0 ? Optional.empty() : Optional.of(Digest.of(canonical.substring(at + 1))));
  }
}
