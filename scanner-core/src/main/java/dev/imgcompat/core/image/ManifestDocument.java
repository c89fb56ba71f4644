package dev.imgcompat.core.image;

import java.util.List;
import java.util.Set;

/** A manifest of one of the forms that lead to an image. */
public sealed interface ManifestDocument {
  /** The media types that a registry is asked for, the dearest first. */
  List<String> ACCEPTED =
      List.of(
          MediaTypes.OCI_MANIFEST,
          MediaTypes.OCI_INDEX,
          MediaTypes.DOCKER_MANIFEST,
          MediaTypes.DOCKER_MANIFEST_LIST,
          MediaTypes.SCHEMA1_SIGNED,
          MediaTypes.SCHEMA1);

  /**
   * The manifest of one image.
   *
   * @param config of the image
   * @param layers bottom first
   */
  record Single(Descriptor config, List<Descriptor> layers) implements ManifestDocument {
    public Single {
      layers = List.copyOf(layers);
    }
  }

  /**
   * The manifest of one image in Docker's schema 1, which holds its config and knows no sizes.
   *
   * @param config of the image; it tells no diff ids
   * @param layers bottom first, without those that the history marks as empty
   */
  record Legacy(ImageConfig config, List<Digest> layers) implements ManifestDocument {
    public Legacy {
      layers = List.copyOf(layers);
    }
  }

  /**
   * An OCI index or a Docker manifest list.
   *
   * @param manifests in their order
   */
  record Index(List<Descriptor> manifests) implements ManifestDocument {
    public Index {
      manifests = List.copyOf(manifests);
    }
  }

  /** Whether a document of this media type has the form of this one, as far as that is known. */
  default boolean agreesWith(String mediaType) {
    return switch (mediaType) {
      case MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_MANIFEST -> this instanceof Single;
      case MediaTypes.OCI_INDEX, MediaTypes.DOCKER_MANIFEST_LIST -> this instanceof Index;
      case MediaTypes.SCHEMA1, MediaTypes.SCHEMA1_SIGNED -> this instanceof Legacy;
      default -> true;
    };
  }

  /** Media types of manifests and configs. */
  final class MediaTypes {
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String DOCKER_MANIFEST =
        "application/vnd.docker.distribution.manifest.v2+json";
    public static final String DOCKER_MANIFEST_LIST =
        "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+json";
    public static final String SCHEMA1_SIGNED =
        "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /** Of a release candidate of OCI 1.1; never of an image. */
    static final String OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";

    static final String OCI_EMPTY = "application/vnd.oci.empty.v1+json";

    static final Set<String> CONFIGS =
        Set.of(
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.docker.container.image.v1+json");

    /**
     * What early registries said of configs instead; docker takes these for images, too
     * (distribution/registry.go, and the issue distribution/distribution#1621).
     */
    static final Set<String> NONDESCRIPT_CONFIGS =
        Set.of("", "application/octet-stream", "application/json", "text/html");

    private MediaTypes() {}
  }
}
