package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Builds what {@code docker save} writes, in the ways in which engines have done it. */
public final class DockerArchiveBuilder {
  private final List<Saved> images = new ArrayList<>();

  private record Saved(ImageSpec spec, List<String> names) {}

  /** Adds an image with its names, of which there may be none. */
  public DockerArchiveBuilder image(ImageSpec spec, String... names) {
    images.add(new Saved(spec, List.of(names)));
    return this;
  }

  /**
   * As engines from 1.10 to 24: a directory a layer, a link where a layer comes again, and the
   * manifest at the end.
   */
  public byte[] save() {
    LayerBuilder tar = new LayerBuilder();
    classic(tar);
    tar.file("manifest.json", 0644, manifest(DockerArchiveBuilder::classicLayer));
    tar.file("repositories", 0644, repositories(DockerArchiveBuilder::id));
    return tar.tar();
  }

  /** The same with the manifest at its beginning, as other builders write it. */
  public byte[] manifestFirst() {
    LayerBuilder tar = new LayerBuilder();
    tar.file("manifest.json", 0644, manifest(DockerArchiveBuilder::classicLayer));
    classic(tar);
    return tar.tar();
  }

  private void classic(LayerBuilder tar) {
    Map<String, String> written = new HashMap<>();
    for (Saved image : images) {
      byte[] config = utf8(LayoutBuilder.config(image.spec));
      tar.file(Bytes.digest(config).hex() + ".json", 0644, config);
      List<byte[]> layers = LayoutBuilder.layers(image.spec);
      for (int i = 0; i < layers.size(); i++) {
        String directory = id(image.spec, i);
        String path = directory + "/layer.tar";
        String same = written.putIfAbsent(Bytes.digest(layers.get(i)).hex(), path);
        if (path.equals(same)) {
          continue;
        }
        tar.directory(directory);
        tar.text(directory + "/VERSION", "1.0");
        tar.text(directory + "/json", "{\"id\":\"" + directory + "\"}");
        if (same == null) {
          tar.file(path, 0644, layers.get(i));
        } else {
          tar.link(path, "../" + same);
        }
      }
    }
  }

  /** As engines from 25 on: blobs with their digests as names, besides an OCI layout of them. */
  public byte[] saveBlobs() {
    LayoutBuilder layout = new LayoutBuilder();
    for (Saved image : images) {
      layout.image(image.names.isEmpty() ? "none" : image.names.get(0), image.spec);
    }
    LayerBuilder tar = new LayerBuilder().directory("blobs").directory("blobs/sha256");
    layout.files().forEach((path, bytes) -> tar.file(path, 0644, bytes));
    tar.file(
        "manifest.json",
        0644,
        manifest((spec, i) -> blob(LayoutBuilder.layers(spec).get(i)), DockerArchiveBuilder::blob));
    return tar.tar();
  }

  /** As engines before 1.10: no manifest, no digests, each layer names its parent. */
  public byte[] saveLegacy() {
    LayerBuilder tar = new LayerBuilder();
    for (Saved image : images) {
      String parent = "";
      List<byte[]> layers = LayoutBuilder.layers(image.spec);
      for (int i = 0; i < layers.size(); i++) {
        String id = id(image.spec, i);
        String config = LayoutBuilder.config(image.spec);
        tar.directory(id);
        tar.text(id + "/VERSION", "1.0");
        tar.text(
            id + "/json",
            "{\"id\":\""
                + id
                + "\","
                + (parent.isEmpty() ? "" : "\"parent\":\"" + parent + "\",")
                + config.substring(1, config.indexOf(",\"rootfs\""))
                + "}");
        tar.file(id + "/layer.tar", 0644, layers.get(i));
        parent = id;
      }
    }
    if (images.stream().anyMatch(i -> !i.names.isEmpty())) {
      tar.file("repositories", 0644, repositories(DockerArchiveBuilder::id));
    }
    return tar.tar();
  }

  @FunctionalInterface
  private interface LayerPath {
    String of(ImageSpec spec, int index);
  }

  @FunctionalInterface
  private interface ConfigPath {
    String of(byte[] config);
  }

  private byte[] manifest(LayerPath layers) {
    return manifest(layers, config -> Bytes.digest(config).hex() + ".json");
  }

  private byte[] manifest(LayerPath layers, ConfigPath configs) {
    return utf8(
        images.stream()
            .map(
                image -> {
                  List<String> paths = new ArrayList<>();
                  for (int i = 0; i < LayoutBuilder.layers(image.spec).size(); i++) {
                    paths.add(layers.of(image.spec, i));
                  }
                  return "{\"Config\":\""
                      + configs.of(utf8(LayoutBuilder.config(image.spec)))
                      + "\",\"RepoTags\":"
                      + (image.names.isEmpty() ? "null" : strings(image.names))
                      + ",\"Layers\":"
                      + strings(paths)
                      + "}";
                })
            .collect(Collectors.joining(",", "[", "]")));
  }

  private byte[] repositories(LayerPath ids) {
    Map<String, List<String>> repositories = new LinkedHashMap<>();
    for (Saved image : images) {
      String top = ids.of(image.spec, LayoutBuilder.layers(image.spec).size() - 1);
      for (String name : image.names) {
        int colon = name.lastIndexOf(':');
        repositories
            .computeIfAbsent(name.substring(0, colon), k -> new ArrayList<>())
            .add("\"" + name.substring(colon + 1) + "\":\"" + top + "\"");
      }
    }
    return utf8(
        repositories.entrySet().stream()
            .map(e -> "\"" + e.getKey() + "\":{" + String.join(",", e.getValue()) + "}")
            .collect(Collectors.joining(",", "{", "}")));
  }

  private static String classicLayer(ImageSpec spec, int index) {
    return id(spec, index) + "/layer.tar";
  }

  /** The id of a layer in one image, as engines with content addresses still make them up. */
  private static String id(ImageSpec spec, int index) {
    return Bytes.digest(utf8(LayoutBuilder.config(spec) + index)).hex();
  }

  private static String blob(byte[] content) {
    return "blobs/sha256/" + Bytes.digest(content).hex();
  }

  private static String strings(List<String> strings) {
    return strings.stream().map(s -> "\"" + s + "\"").collect(Collectors.joining(",", "[", "]"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
