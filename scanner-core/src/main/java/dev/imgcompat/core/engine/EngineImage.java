package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Platform;
import java.util.List;
import java.util.Optional;

/**
 * What an engine says of an image.
 *
 * @param id by which the engine knows the image: the digest of its config, or in engines that keep
 *     images in containerd that of its manifest or index; absent where it is no SHA-256
 * @param platform of it, or of that of its images which the engine would run
 * @param diffIds of its layers, bottom first
 */
public record EngineImage(Optional<Digest> id, Platform platform, List<Digest> diffIds) {
  public EngineImage {
    diffIds = List.copyOf(diffIds);
  }
}
