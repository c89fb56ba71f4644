package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Builds single manifests and indexes, also such as no client would push. Fields are set in JSON.
 */
public final class ManifestBuilder {
  private static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
  private static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";

  private final String mediaType;
  private final String entriesKey;
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final List<String> entries = new ArrayList<>();
  private final List<byte[]> blobs = new ArrayList<>();
  private final List<String> diffIds = new ArrayList<>();
  private String configType = OCI_CONFIG;
  private String platform = "linux/amd64";

  private ManifestBuilder(String mediaType, String entriesKey) {
    this.mediaType = mediaType;
    this.entriesKey = entriesKey;
    fields.put("schemaVersion", "2");
    fields.put("mediaType", quoted(mediaType));
  }

  /** A manifest of an image as OCI has it. */
  public static ManifestBuilder oci() {
    return new ManifestBuilder(MediaTypes.OCI_MANIFEST, "layers");
  }

  /** A manifest of an image in Docker's schema 2. */
  public static ManifestBuilder docker() {
    return new ManifestBuilder(MediaTypes.DOCKER_MANIFEST, "layers").configType(DOCKER_CONFIG);
  }

  /** An OCI index. */
  public static ManifestBuilder index() {
    return new ManifestBuilder(MediaTypes.OCI_INDEX, "manifests");
  }

  /** A manifest list of Docker. */
  public static ManifestBuilder list() {
    return new ManifestBuilder(MediaTypes.DOCKER_MANIFEST_LIST, "manifests");
  }

  /** Sets a field of the root to some JSON; null removes it. */
  public ManifestBuilder with(String key, String json) {
    if (json == null) {
      fields.remove(key);
    } else {
      fields.put(key, json);
    }
    return this;
  }

  /** Sets the platform that the config of an image claims. */
  public ManifestBuilder platform(String value) {
    platform = value;
    return this;
  }

  /** Sets the media type of the config. */
  public ManifestBuilder configType(String value) {
    configType = value;
    return this;
  }

  /** Adds a layer of the usual type, compressed in Docker's schema. */
  public ManifestBuilder layer(LayerBuilder layer) {
    byte[] tar = layer.tar();
    boolean docker = mediaType.equals(MediaTypes.DOCKER_MANIFEST);
    byte[] blob = docker ? LayerBuilder.gzip(tar) : tar;
    blobs.add(blob);
    return layer(blob, docker ? DOCKER_LAYER : OCI_LAYER, "", Bytes.digest(tar));
  }

  /** Adds a layer as it is. */
  public ManifestBuilder layer(byte[] blob, String type) {
    blobs.add(blob);
    return layer(blob, type, "", Bytes.digest(blob));
  }

  /** Adds a layer that is not there, but at some addresses. */
  public ManifestBuilder foreign(byte[] blob, String... urls) {
    String list =
        Stream.of(urls).map(ManifestBuilder::quoted).collect(Collectors.joining(",", "[", "]"));
    return layer(
        blob,
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        ",\"urls\":" + list,
        Bytes.digest(blob));
  }

  private ManifestBuilder layer(byte[] blob, String type, String more, Digest diffId) {
    diffIds.add(quoted(diffId.value()));
    entries.add(descriptor(type, blob, more));
    return this;
  }

  /** Adds an image to an index. */
  public ManifestBuilder image(ManifestBuilder image, LayoutBuilder layout, String platform) {
    return entry(
        image.mediaType, image.blob(layout), layout, ",\"platform\":" + platform(platform, ""));
  }

  /** Adds what is in a layout to an index; {@code more} follows the size. */
  public ManifestBuilder entry(String type, Digest digest, LayoutBuilder layout, String more) {
    byte[] blob = layout.files().get("blobs/sha256/" + digest.hex());
    entries.add(descriptor(type, blob, more));
    return this;
  }

  /** The document, all of whose blobs are put into a layout. */
  public String json(LayoutBuilder layout) {
    blobs.forEach(layout::blob);
    Map<String, String> all = new LinkedHashMap<>(fields);
    if (entriesKey.equals("layers")) {
      String config =
          platform(
              platform,
              ",\"config\":{\"Cmd\":[\"/bin/x\"],\"Env\":[\"PATH=/bin\"]},"
                  + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                  + String.join(",", diffIds)
                  + "]}");
      layout.blob(utf8(config));
      all.putIfAbsent("config", descriptor(configType, utf8(config), ""));
    }
    all.putIfAbsent(entriesKey, "[" + String.join(",", entries) + "]");
    return all.entrySet().stream()
        .map(e -> quoted(e.getKey()) + ":" + e.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** Puts the document into a layout; returns its digest. */
  public Digest blob(LayoutBuilder layout) {
    return layout.blob(utf8(json(layout)));
  }

  /** Puts the document under a tag into a layout; returns its digest. */
  public Digest into(LayoutBuilder layout, String tag) {
    layout.manifest(tag, mediaType, json(layout));
    return blob(layout);
  }

  private static String platform(String platform, String more) {
    String[] parts = platform.split("/", -1);
    return "{\"os\":"
        + quoted(parts[0])
        + ",\"architecture\":"
        + quoted(parts[1])
        + (parts.length > 2 ? ",\"variant\":" + quoted(parts[2]) : "")
        + more
        + "}";
  }

  private static String descriptor(String type, byte[] content, String more) {
    return "{"
        + (type.isEmpty() ? "" : "\"mediaType\":" + quoted(type) + ",")
        + "\"digest\":"
        + quoted(Bytes.digest(content).value())
        + ",\"size\":"
        + content.length
        + more
        + "}";
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
