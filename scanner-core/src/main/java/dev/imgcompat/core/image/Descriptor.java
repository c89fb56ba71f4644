package dev.imgcompat.core.image;

import java.util.Map;
import java.util.Optional;

/**
 * A pointer to content, as in the OCI image specification.
 *
 * @param mediaType as stated, empty where the manifest states none
 * @param digest of the content
 * @param size of the content in bytes
 * @param platform in the descriptors of an index
 * @param annotations empty where there are none
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Optional<Platform> platform,
    Map<String, String> annotations) {
  public Descriptor {
    annotations = Map.copyOf(annotations);
  }

  /** Whether this descriptor of an index points to build attestations rather than to an image. */
  public boolean isAttestation() {
    return annotations.containsKey("vnd.docker.reference.type")
        || platform.filter(p -> p.os().equals("unknown")).isPresent();
  }
}
