package dev.imgcompat.core.image;

import dev.imgcompat.core.image.ManifestDocument.Index;
import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import dev.imgcompat.core.image.ManifestDocument.Single;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads manifests and configs: OCI image specification 1.1, and Docker's image manifest version 2
 * in both its schemas.
 *
 * <p>What two runtimes could take for different images is refused: documents of two forms at once,
 * or of another form than they state (CVE-2021-41190), keys that are there twice or in another
 * case. Every failure says what {@code subject} is: the words by which the caller knows the bytes.
 */
public final class ManifestParser {
  /** As the OCI distribution specification has registries limit manifests. */
  public static final int MAX_MANIFEST_BYTES = 4 << 20;

  /** Configs carry history and labels, and may be larger. */
  public static final int MAX_CONFIG_BYTES = 16 << 20;

  /** Overlay file systems stop far below this. */
  static final int MAX_LAYERS = 1000;

  private static final int MAX_INDEX_ENTRIES = 10_000;
  private static final int MAX_URLS = 16;
  private static final int MAX_URL_LENGTH = 2048;

  /** The other ones that the OCI image specification registers. */
  private static final Pattern OTHER_DIGEST = Pattern.compile("(sha512|blake3):[a-f0-9]{64,128}");

  /** RFC 6838 has 127 characters on each side of the slash. */
  private static final int MAX_MEDIA_TYPE_LENGTH = 255;

  /** The keys of which each form has its own. */
  private static final List<String> FORM_KEYS =
      List.of("config", "layers", "manifests", "fsLayers", "history");

  private static final Set<String> ROOT_KEYS =
      Set.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "architecture",
          "signatures",
          "blobs",
          "config",
          "layers",
          "manifests",
          "fsLayers",
          "history");
  private static final Set<String> DESCRIPTOR_KEYS =
      Set.of("mediaType", "digest", "size", "platform", "artifactType", "urls", "annotations");
  private static final Set<String> PLATFORM_KEYS = Set.of("os", "architecture", "variant");

  private ManifestParser() {}

  /** Reads a manifest or an index; of a signed one, what is signed. */
  public static ManifestDocument manifest(byte[] bytes, String subject) throws ScanException {
    String what = subject + ": the manifest";
    JsonNode root = StrictJson.object(SignedManifest.payload(bytes, subject), what);
    StrictJson.requireExactKeys(root, ROOT_KEYS, what);
    String stated = mediaType(root, "mediaType", subject);
    if (stated.equals(MediaTypes.OCI_ARTIFACT)) {
      throw artifact(mediaType(root, "artifactType", subject), subject);
    }
    if (!stated.isEmpty() && !ManifestDocument.ACCEPTED.contains(stated)) {
      throw new ScanException.NotAnImage(
          subject + ": a document of type " + stated + ", not a container image");
    }
    ManifestDocument document = read(root, subject);
    if (!document.agreesWith(stated)) {
      throw new ScanException.Damaged(
          what + " says that it is of type " + stated + ", but has not its form", null);
    }
    return document;
  }

  private static ManifestDocument read(JsonNode root, String subject) throws ScanException {
    List<String> forms = new ArrayList<>();
    for (String key : FORM_KEYS) {
      if (StrictJson.has(root, key)) {
        forms.add(key);
      }
    }
    int schema = schemaVersion(root, subject);
    if (schema == 1) {
      requireOnly(Set.of("fsLayers", "history"), forms, subject);
      return Schema1Parser.parse(root, subject);
    }
    if (root.path("manifests").isArray()) {
      requireOnly(Set.of("manifests"), forms, subject);
      return new Index(descriptors(root.path("manifests"), MAX_INDEX_ENTRIES, subject));
    }
    if (root.path("config").isObject()) {
      requireOnly(Set.of("config", "layers"), forms, subject);
      return single(root, subject);
    }
    throw noImage(subject);
  }

  private static int schemaVersion(JsonNode root, String subject) throws ScanException {
    JsonNode version = root.path("schemaVersion");
    if (!StrictJson.has(root, "schemaVersion")) {
      return 2;
    }
    if (!version.isIntegralNumber() || (version.asInt(0) != 1 && version.asInt(0) != 2)) {
      throw new ScanException.NotAnImage(
          subject + ": a manifest of a schemaVersion that is neither 1 nor 2");
    }
    return version.asInt();
  }

  private static void requireOnly(Set<String> own, List<String> found, String subject)
      throws ScanException {
    for (String key : found) {
      if (!own.contains(key)) {
        throw new ScanException.Damaged(
            subject
                + ": the manifest is ambiguous: it has "
                + String.join(" and ", found)
                + ", which are of different forms",
            null);
      }
    }
  }

  private static Single single(JsonNode root, String subject) throws ScanException {
    Descriptor config = descriptor(root.path("config"), subject);
    String artifactType = mediaType(root, "artifactType", subject);
    boolean image =
        MediaTypes.CONFIGS.contains(config.mediaType())
            || (artifactType.isEmpty()
                && MediaTypes.NONDESCRIPT_CONFIGS.contains(config.mediaType()));
    if (!image) {
      throw artifact(artifactType.isEmpty() ? config.mediaType() : artifactType, subject);
    }
    // Encoders of Go write null for a list without elements.
    if (!root.path("layers").isArray() && !root.path("layers").isNull()) {
      throw noImage(subject);
    }
    List<Descriptor> layers = descriptors(root.path("layers"), MAX_LAYERS, subject);
    for (int i = 0; i < layers.size(); i++) {
      String type = layers.get(i).mediaType();
      String layer = "layer " + (i + 1) + " of " + layers.size();
      switch (LayerMediaType.kind(type)) {
        case FILE_SYSTEM -> {}
        case ENCRYPTED ->
            throw new ScanException.Encrypted(
                subject
                    + ": "
                    + layer
                    + " is encrypted ("
                    + type
                    + "): scan the image before it is encrypted, or a decrypted copy");
        case OTHER -> {
          if (!artifactType.isEmpty()) {
            throw artifact(artifactType, subject);
          }
          throw new ScanException.NotAnImage(
              subject
                  + (type.contains("in-toto") ? ": attestations of a build: " : ": ")
                  + layer
                  + " is of type "
                  + type
                  + ", not a layer of a container image");
        }
      }
    }
    return new Single(config, layers);
  }

  private static ScanException artifact(String type, String subject) {
    return new ScanException.NotAnImage(
        subject
            + ": an artifact"
            + (type.isEmpty() ? "" : " of type " + type)
            + ", not a container image");
  }

  private static ScanException noImage(String subject) {
    return new ScanException.NotAnImage(
        subject + ": not a manifest of an image (it has neither layers and config nor manifests)");
  }

  /** Reads the config blob of an image. */
  public static ImageConfig config(byte[] bytes, String subject) throws ScanException {
    return ConfigParser.blob(StrictJson.object(bytes, subject + ": the config"), subject);
  }

  static void requireAtMost(int most, JsonNode array, String subject) throws ScanException {
    if (array.size() > most) {
      throw new ScanException.LimitExceeded(
          subject + ": the manifest lists " + array.size() + " entries; the limit is " + most);
    }
  }

  private static List<Descriptor> descriptors(JsonNode array, int most, String subject)
      throws ScanException {
    requireAtMost(most, array, subject);
    List<Descriptor> descriptors = new ArrayList<>();
    for (JsonNode node : array) {
      descriptors.add(descriptor(node, subject));
    }
    return descriptors;
  }

  private static Descriptor descriptor(JsonNode node, String subject) throws ScanException {
    StrictJson.requireExactKeys(node, DESCRIPTOR_KEYS, subject + ": a descriptor");
    JsonNode size = node.path("size");
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.asLong() < 0) {
      throw new ScanException.Damaged(
          subject + ": the manifest has a descriptor without a size", null);
    }
    Map<String, String> annotations = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.path("annotations").properties()) {
      annotations.put(entry.getKey(), entry.getValue().asString(""));
    }
    String artifactType = mediaType(node, "artifactType", subject);
    return new Descriptor(
        mediaType(node, "mediaType", subject),
        digest(node.path("digest"), subject),
        size.asLong(),
        platform(node.path("platform"), subject),
        artifactType.isEmpty() ? Optional.empty() : Optional.of(artifactType),
        urls(node.path("urls"), subject),
        annotations);
  }

  private static Optional<Platform> platform(JsonNode platform, String subject)
      throws ScanException {
    if (!platform.isObject()
        || (platform.path("os").asString("").isEmpty()
            && platform.path("architecture").asString("").isEmpty())) {
      return Optional.empty();
    }
    StrictJson.requireExactKeys(platform, PLATFORM_KEYS, subject + ": a platform");
    return Optional.of(
        Platform.of(
            platform.path("os").asString("unknown"),
            platform.path("architecture").asString("unknown"),
            Optional.of(platform.path("variant").asString(""))));
  }

  private static List<String> urls(JsonNode array, String subject) throws ScanException {
    List<String> urls = new ArrayList<>();
    for (JsonNode url : array) {
      urls.add(url.asString(""));
    }
    if (urls.size() > MAX_URLS || urls.stream().anyMatch(u -> u.length() > MAX_URL_LENGTH)) {
      throw new ScanException.LimitExceeded(
          subject
              + ": the manifest has a descriptor of more than "
              + MAX_URLS
              + " urls, or one of more than "
              + MAX_URL_LENGTH
              + " characters");
    }
    return urls;
  }

  private static String mediaType(JsonNode node, String key, String subject) throws ScanException {
    String type = node.path(key).asString("");
    if (type.length() > MAX_MEDIA_TYPE_LENGTH) {
      throw new ScanException.Damaged(
          subject + ": the manifest has a " + key + " of " + type.length() + " characters", null);
    }
    return type;
  }

  static Digest digest(JsonNode node, String subject) throws ScanException {
    if (OTHER_DIGEST.matcher(node.asString("")).matches()) {
      throw new ScanException.NotAnImage(
          subject + ": digests other than those of sha256 are not supported, and it has one");
    }
    try {
      return Digest.of(node.asString(""));
    } catch (IllegalArgumentException e) {
      throw new ScanException.Damaged(
          subject + ": the manifest has a bad digest: " + e.getMessage(), e);
    }
  }
}
