package dev.imgcompat.core.image;

import java.util.List;
import java.util.Optional;

/**
 * One image for one platform: what its manifest and its config say.
 *
 * @param digest of the manifest; absent where the transport has none
 * @param indexDigest of the index through which it was found
 * @param configDigest of the config, which Docker calls the image id; absent where there is no such
 *     blob
 * @param config what the config blob says
 * @param layers bottom first
 */
public record ImageManifest(
    Optional<Digest> digest,
    Optional<Digest> indexDigest,
    Optional<Digest> configDigest,
    ImageConfig config,
    List<Layer> layers) {
  public ImageManifest {
    layers = List.copyOf(layers);
  }

  /** The platform that the config claims. */
  public Platform platform() {
    return config.platform();
  }
}
