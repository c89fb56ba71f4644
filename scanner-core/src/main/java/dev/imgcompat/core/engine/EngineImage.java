package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageConfig;
import java.util.List;
import java.util.Optional;

/**
 * What an engine says of an image.
 *
 * @param id by which the engine knows the image: the digest of its config, or in engines that keep
 *     images in containerd that of its manifest or index; absent where it is no SHA-256
 * @param config how it starts, its platform and the diff ids of its layers
 * @param repoDigests {@code REPOSITORY@DIGEST} under which it was pulled or pushed; strangers' text
 */
public record EngineImage(Optional<Digest> id, ImageConfig config, List<String> repoDigests) {
  public EngineImage {
    repoDigests = List.copyOf(repoDigests);
  }
}
