package dev.imgcompat.core.image;

import dev.imgcompat.core.image.ManifestDocument.Index;
import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import dev.imgcompat.core.image.ManifestDocument.Single;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads manifests and configs: OCI image specification 1.1 and Docker image manifest v2 schema 2.
 *
 * <p>Every failure says what {@code subject} is: the words by which the caller knows the bytes.
 */
public final class ManifestParser {
  /** As the OCI distribution specification has registries limit manifests. */
  public static final int MAX_MANIFEST_BYTES = 4 << 20;

  /** Configs carry history and labels, and may be larger. */
  public static final int MAX_CONFIG_BYTES = 16 << 20;

  /** Overlay file systems stop far below this. */
  private static final int MAX_LAYERS = 1000;

  private static final int MAX_INDEX_ENTRIES = 10_000;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ManifestParser() {}

  /** Reads a manifest or an index. */
  public static ManifestDocument manifest(byte[] bytes, String subject) throws ScanException {
    JsonNode root = object(bytes, subject + ": the manifest");
    int schema = root.path("schemaVersion").asInt(0);
    if (schema == 1) {
      throw new ScanException.NotAnImage(
          subject
              + ": a manifest of Docker schema 1 is not supported; push the image again with a"
              + " client of this decade");
    }
    JsonNode manifests = root.path("manifests");
    if (manifests.isArray()) {
      return new Index(descriptors(manifests, MAX_INDEX_ENTRIES, subject));
    }
    JsonNode config = root.path("config");
    if (!config.isObject() || !root.path("layers").isArray()) {
      throw new ScanException.NotAnImage(
          subject
              + ": not a manifest of an image (it has neither layers and config nor manifests)");
    }
    Descriptor configDescriptor = descriptor(config, subject);
    if (!MediaTypes.CONFIGS.contains(configDescriptor.mediaType())) {
      throw new ScanException.NotAnImage(
          subject
              + ": an artifact of type "
              + configDescriptor.mediaType()
              + ", not a container image");
    }
    return new Single(configDescriptor, descriptors(root.path("layers"), MAX_LAYERS, subject));
  }

  /** Reads the config blob of an image. */
  public static ImageConfig config(byte[] bytes, String subject) throws ScanException {
    JsonNode root = object(bytes, subject + ": the config");
    JsonNode config = root.path("config");
    List<Digest> diffIds = new ArrayList<>();
    for (JsonNode diffId : root.path("rootfs").path("diff_ids")) {
      diffIds.add(digest(diffId, subject));
    }
    return new ImageConfig(
        Platform.of(
            root.path("os").asString("linux"),
            root.path("architecture").asString("unknown"),
            text(root.path("variant"))),
        strings(config.path("Env")),
        strings(config.path("Entrypoint")),
        strings(config.path("Cmd")),
        text(config.path("WorkingDir")),
        List.copyOf(config.path("Volumes").propertyNames()),
        diffIds);
  }

  private static List<Descriptor> descriptors(JsonNode array, int most, String subject)
      throws ScanException {
    if (array.size() > most) {
      throw new ScanException.LimitExceeded(
          subject + ": the manifest lists " + array.size() + " entries; the limit is " + most);
    }
    List<Descriptor> descriptors = new ArrayList<>();
    for (JsonNode node : array) {
      descriptors.add(descriptor(node, subject));
    }
    return descriptors;
  }

  private static Descriptor descriptor(JsonNode node, String subject) throws ScanException {
    long size = node.path("size").asLong(-1);
    if (size < 0) {
      throw new ScanException.Damaged(
          subject + ": the manifest has a descriptor without a size", null);
    }
    Map<String, String> annotations = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.path("annotations").properties()) {
      annotations.put(entry.getKey(), entry.getValue().asString(""));
    }
    JsonNode platform = node.path("platform");
    return new Descriptor(
        node.path("mediaType").asString(""),
        digest(node.path("digest"), subject),
        size,
        platform.isObject()
            ? Optional.of(
                Platform.of(
                    platform.path("os").asString("unknown"),
                    platform.path("architecture").asString("unknown"),
                    text(platform.path("variant"))))
            : Optional.empty(),
        annotations);
  }

  private static Digest digest(JsonNode node, String subject) throws ScanException {
    try {
      return Digest.of(node.asString(""));
    } catch (IllegalArgumentException e) {
      throw new ScanException.Damaged(
          subject + ": the manifest has a bad digest: " + e.getMessage(), e);
    }
  }

  private static JsonNode object(byte[] bytes, String what) throws ScanException {
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw new ScanException.Damaged(what + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw new ScanException.Damaged(what + " is not a JSON object", null);
    }
    return root;
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString() && !node.asString().isEmpty()
        ? Optional.of(node.asString())
        : Optional.empty();
  }

  private static List<String> strings(JsonNode node) {
    List<String> strings = new ArrayList<>();
    if (node.isString()) {
      strings.add(node.asString());
    }
    for (JsonNode item : node) {
      strings.add(item.asString(""));
    }
    return strings;
  }
}
