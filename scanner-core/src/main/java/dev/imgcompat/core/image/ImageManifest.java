package dev.imgcompat.core.image;

import java.util.List;
import java.util.Optional;

/**
 * One image for one platform: what its manifest and its config say.
 *
 * @param digest of the manifest; absent for an unpacked root file system
 * @param indexDigest of the index through which it was found
 * @param config what the config blob says
 * @param layers bottom first
 */
public record ImageManifest(
    Optional<Digest> digest, Optional<Digest> indexDigest, ImageConfig config, List<Layer> layers) {
  public ImageManifest {
    layers = List.copyOf(layers);
  }

  /** The platform that the config claims. */
  public Platform platform() {
    return config.platform();
  }
}
