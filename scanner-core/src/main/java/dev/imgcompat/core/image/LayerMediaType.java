package dev.imgcompat.core.image;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Sorts the media types that manifests state for layers. How a layer is compressed is seen by its
 * bytes; the media type only tells what is no layer of a file system at all.
 */
public final class LayerMediaType {
  /** What a layer is. */
  enum Kind {
    /** A tar of a file system, compressed or not. */
    FILE_SYSTEM,
    /** One that was encrypted (OCIcrypt). */
    ENCRYPTED,
    /** An attestation, a chart, a WebAssembly module, a file system in another format. */
    OTHER
  }

  /** Of layers of clients that did not care. */
  private static final Set<String> NONDESCRIPT =
      Set.of("", "application/octet-stream", "application/gzip", "application/x-gzip");

  private LayerMediaType() {}

  /** What a layer of this media type is. */
  static Kind kind(String mediaType) {
    String type = bare(mediaType);
    if (type.endsWith("+encrypted")) {
      return Kind.ENCRYPTED;
    }
    boolean tar =
        type.substring(type.indexOf('/') + 1).contains("tar")
            && !type.endsWith("json")
            && !type.contains("helm");
    return NONDESCRIPT.contains(type) || tar ? Kind.FILE_SYSTEM : Kind.OTHER;
  }

  /**
   * Which compression a media type states: {@code gzip}, {@code zstd} or {@code uncompressed};
   * empty where it states none.
   */
  public static Optional<String> stated(String mediaType) {
    String type = bare(mediaType);
    if (kind(type) != Kind.FILE_SYSTEM) {
      return Optional.empty();
    }
    if (type.endsWith("gzip")) {
      return Optional.of("gzip");
    }
    if (type.endsWith("zstd")) {
      return Optional.of("zstd");
    }
    return type.endsWith("tar") ? Optional.of("uncompressed") : Optional.empty();
  }

  private static String bare(String mediaType) {
    int parameters = mediaType.indexOf(';');
    return (parameters < 0 ? mediaType : mediaType.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
