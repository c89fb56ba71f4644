package dev.imgcompat.core.image;

import java.util.List;
import java.util.Set;

/** A manifest of one of the two forms that lead to an image. */
public sealed interface ManifestDocument {
  /** The media types that a registry is asked for. */
  List<String> ACCEPTED =
      List.of(
          MediaTypes.OCI_MANIFEST,
          MediaTypes.OCI_INDEX,
          MediaTypes.DOCKER_MANIFEST,
          MediaTypes.DOCKER_MANIFEST_LIST);

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
   * An OCI index or a Docker manifest list.
   *
   * @param manifests in their order
   */
  record Index(List<Descriptor> manifests) implements ManifestDocument {
    public Index {
      manifests = List.copyOf(manifests);
    }
  }

  /** Media types of manifests and configs. */
  final class MediaTypes {
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String DOCKER_MANIFEST =
        "application/vnd.docker.distribution.manifest.v2+json";
    public static final String DOCKER_MANIFEST_LIST =
        "application/vnd.docker.distribution.manifest.list.v2+json";
    static final Set<String> CONFIGS =
        Set.of(
            "",
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.docker.container.image.v1+json");

    private MediaTypes() {}
  }
}
