package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.tar.Decompression;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Builds an OCI layout: the same calls give the same bytes. */
public final class LayoutBuilder {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
  private final List<String> entries = new ArrayList<>();

  /** One image to be. */
  public static final class ImageSpec {
    private String architecture = "amd64";
    private List<String> command = List.of("/bin/sh");
    private List<String> env = List.of("PATH=/usr/local/bin:/usr/bin:/bin");
    private Optional<String> created = Optional.empty();
    private final List<byte[]> layers = new ArrayList<>();
    private final List<String> mediaTypes = new ArrayList<>();

    /** Sets the architecture that the config claims. */
    public ImageSpec architecture(String value) {
      architecture = value;
      return this;
    }

    /** Sets the cmd. */
    public ImageSpec command(String... value) {
      command = List.of(value);
      return this;
    }

    /** Sets the environment. */
    public ImageSpec env(String... value) {
      env = List.of(value);
      return this;
    }

    /** Sets when the config says that the image was made. */
    public ImageSpec created(String value) {
      created = Optional.of(value);
      return this;
    }

    /** Adds an uncompressed layer. */
    public ImageSpec layer(LayerBuilder layer) {
      return layer(layer.tar(), "application/vnd.oci.image.layer.v1.tar");
    }

    /** Adds a layer as it is. */
    public ImageSpec layer(byte[] blob, String mediaType) {
      layers.add(blob);
      mediaTypes.add(mediaType);
      return this;
    }
  }

  /** Adds an image under a tag; returns the digest of its manifest. */
  public Digest image(String tag, ImageSpec spec) {
    String manifest = manifest(spec);
    Digest digest = blob(manifest);
    entries.add(
        descriptor(
            MANIFEST,
            manifest,
            "\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + tag + "\"}"));
    return digest;
  }

  /** Adds an index of images by their platforms under a tag; returns its digest. */
  public Digest index(String tag, Map<String, ImageSpec> platforms) {
    String manifests =
        new TreeMap<>(platforms)
            .entrySet().stream()
                .map(
                    e -> {
                      String manifest = manifest(e.getValue());
                      blob(manifest);
                      String[] platform = e.getKey().split("/", -1);
                      return descriptor(
                          MANIFEST,
                          manifest,
                          "\"platform\":{\"os\":\""
                              + platform[0]
                              + "\",\"architecture\":\""
                              + platform[1]
                              + "\"}");
                    })
                .collect(Collectors.joining(","));
    String index =
        "{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + manifests + "]}";
    Digest digest = blob(index);
    entries.add(
        descriptor(
            INDEX,
            index,
            "\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + tag + "\"}"));
    return digest;
  }

  /** Adds a blob that nothing refers to. */
  public Digest blob(byte[] content) {
    Digest digest = Bytes.digest(content);
    blobs.put(digest, content);
    return digest;
  }

  /** Adds a manifest as it is under a tag. */
  public LayoutBuilder manifest(String tag, String mediaType, String manifest) {
    blob(manifest);
    entries.add(
        descriptor(
            mediaType,
            manifest,
            "\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + tag + "\"}"));
    return this;
  }

  /** The config of an image, as the layout has it. */
  public static String config(ImageSpec spec) {
    String diffIds =
        spec.layers.stream().map(l -> "\"" + diffId(l) + "\"").collect(Collectors.joining(","));
    return "{"
        + spec.created.map(c -> "\"created\":\"" + c + "\",").orElse("")
        + "\"architecture\":\""
        + spec.architecture
        + "\",\"os\":\"linux\",\"config\":{\"Env\":["
        + quoted(spec.env)
        + "],\"Cmd\":["
        + quoted(spec.command)
        + "]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
        + diffIds
        + "]}}";
  }

  /** The blobs of an image's layers, bottom first. */
  static List<byte[]> layers(ImageSpec spec) {
    return List.copyOf(spec.layers);
  }

  /** Every file of the layout by its path. */
  public Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("oci-layout", utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
    files.put(
        "index.json",
        utf8("{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}"));
    blobs.forEach((digest, content) -> files.put("blobs/sha256/" + digest.hex(), content));
    return files;
  }

  /** The layout in a tar, its index last. */
  public byte[] archive() {
    LayerBuilder tar = new LayerBuilder();
    files().entrySet().stream()
        .sorted(Comparator.comparing(f -> !f.getKey().startsWith("blobs/")))
        .forEach(f -> tar.file(f.getKey(), 0644, f.getValue()));
    return tar.tar();
  }

  /** Writes the layout; returns its directory. */
  public Path write(Path directory) {
    files()
        .forEach(
            (path, content) -> {
              try {
                Path file = directory.resolve(path);
                Files.createDirectories(file.getParent());
                Files.write(file, content);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return directory;
  }

  private String manifest(ImageSpec spec) {
    StringBuilder layers = new StringBuilder();
    for (int i = 0; i < spec.layers.size(); i++) {
      byte[] blob = spec.layers.get(i);
      Digest digest = blob(blob);
      layers
          .append(i == 0 ? "" : ",")
          .append("{\"mediaType\":\"")
          .append(spec.mediaTypes.get(i))
          .append("\",\"digest\":\"")
          .append(digest)
          .append("\",\"size\":")
          .append(blob.length)
          .append('}');
    }
    String config = config(spec);
    blob(config);
    return "{\"schemaVersion\":2,\"mediaType\":\""
        + MANIFEST
        + "\",\"config\":"
        + descriptor("application/vnd.oci.image.config.v1+json", config, "")
        + ",\"layers\":["
        + layers
        + "]}";
  }

  /** The digest of the uncompressed bytes; of damaged ones, that of the bytes as they are. */
  static Digest diffId(byte[] blob) {
    try (InputStream tar = Decompression.open(new ByteArrayInputStream(blob)).stream()) {
      return Bytes.digest(tar);
    } catch (IOException e) {
      return Bytes.digest(blob);
    }
  }

  private static String descriptor(String mediaType, String content, String more) {
    return "{\"mediaType\":\""
        + mediaType
        + "\",\"digest\":\""
        + Bytes.digest(utf8(content))
        + "\",\"size\":"
        + utf8(content).length
        + (more.isEmpty() ? "" : "," + more)
        + "}";
  }

  private Digest blob(String content) {
    return blob(utf8(content));
  }

  private static String quoted(List<String> words) {
    return words.stream().map(w -> "\"" + w + "\"").collect(Collectors.joining(","));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
