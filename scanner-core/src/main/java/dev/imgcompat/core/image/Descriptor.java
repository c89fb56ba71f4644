package dev.imgcompat.core.image;

import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pointer to content, as in the OCI image specification.
 *
 * @param mediaType as stated, empty where the manifest states none
 * @param digest of the content
 * @param size of the content in bytes
 * @param platform in the descriptors of an index
 * @param artifactType in the descriptors of an index that point to artifacts
 * @param urls from which the content may be had, too
 * @param annotations empty where there are none
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Optional<Platform> platform,
    Optional<String> artifactType,
    List<String> urls,
    Map<String, String> annotations) {
  public Descriptor {
    urls = List.copyOf(urls);
    annotations = Map.copyOf(annotations);
  }

  /** Whether this descriptor of an index points to build attestations rather than to an image. */
  public boolean isAttestation() {
    return annotations.containsKey("vnd.docker.reference.type")
        || platform.filter(p -> p.os().equals("unknown")).isPresent();
  }

  /**
   * Whether this descriptor of an index shows that it points to no image. One that has a platform
   * does not: runtimes choose by that, and look no further. Neither does one of another index.
   */
  public boolean isArtifact() {
    return platform.isEmpty()
        && !isIndex()
        && (mediaType.equals(MediaTypes.OCI_ARTIFACT)
            || artifactType.filter(t -> !MediaTypes.CONFIGS.contains(t)).isPresent());
  }

  /** Whether this descriptor of an index points to another index. */
  public boolean isIndex() {
    return mediaType.equals(MediaTypes.OCI_INDEX)
        || mediaType.equals(MediaTypes.DOCKER_MANIFEST_LIST);
  }
}
