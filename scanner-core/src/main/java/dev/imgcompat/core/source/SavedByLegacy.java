package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.ImageManifest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.StrictJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * An image as engines before Docker 1.10 saved it (image specification 1.0): {@code repositories}
 * names the topmost layer, and each layer's {@code json} its parent. Nothing tells a digest; the
 * layers are hashed.
 */
final class SavedByLegacy implements DockerArchive.SavedImage {
  private static final String REPOSITORIES = "repositories";
  private static final int MAX_LAYERS = 1000;
  private static final Set<String> KEYS = Set.of("id", "parent");

  /** Before 1.10 ids were random; nobody checked what else they look like. */
  private static final Pattern LAYER = Pattern.compile("([a-f0-9]{64})/json");

  private final FileTree files;
  private final String top;
  private final List<String> names;

  private SavedByLegacy(FileTree files, String top, List<String> names) {
    this.files = files;
    this.top = top;
    this.names = List.copyOf(names);
  }

  static List<DockerArchive.SavedImage> list(FileTree files) throws ScanException {
    Map<String, List<String>> tops = new TreeMap<>();
    Optional<byte[]> repositories = files.document(REPOSITORIES, ManifestParser.MAX_MANIFEST_BYTES);
    if (repositories.isPresent()) {
      JsonNode root = StrictJson.value(repositories.get(), REPOSITORIES + " of " + files.name());
      for (Map.Entry<String, JsonNode> repository : root.properties()) {
        for (Map.Entry<String, JsonNode> tag : repository.getValue().properties()) {
          tops.computeIfAbsent(tag.getValue().asString(""), id -> new ArrayList<>())
              .add(repository.getKey() + ":" + tag.getKey());
        }
      }
    }
    if (tops.isEmpty()) {
      if (!files.isComplete()) {
        return List.of();
      }
      // Saved by its id, an image has no name: it is the layer that is nobody's parent.
      for (String id : childless(files)) {
        tops.put(id, List.of());
      }
    }
    List<DockerArchive.SavedImage> images = new ArrayList<>();
    tops.forEach((id, names) -> images.add(new SavedByLegacy(files, id, names)));
    return images;
  }

  private static Set<String> childless(FileTree files) throws ScanException {
    Set<String> ids = new TreeSet<>();
    Set<String> parents = new HashSet<>();
    long bytes = 0;
    for (String path : files.paths()) {
      Matcher matcher = LAYER.matcher(path);
      if (matcher.matches()) {
        ids.add(matcher.group(1));
        bytes += files.size(path).orElse(0);
        if (ids.size() > MAX_LAYERS || bytes > ManifestParser.MAX_CONFIG_BYTES) {
          throw new ScanException.LimitExceeded(
              files.name()
                  + ": without a list of images, more than "
                  + MAX_LAYERS
                  + " layers or "
                  + ManifestParser.MAX_CONFIG_BYTES
                  + " bytes of their configs");
        }
        parents.add(json(files, matcher.group(1)).path("parent").asString(""));
      }
    }
    ids.removeAll(parents);
    return ids;
  }

  private static byte[] jsonBytes(FileTree files, String id) throws ScanException {
    return files
        .document(id + "/json", ManifestParser.MAX_CONFIG_BYTES)
        .orElseThrow(
            () -> new ScanException.Damaged(files.name() + " lacks " + id + "/json", null));
  }

  private static JsonNode json(FileTree files, String id) throws ScanException {
    String subject = id + "/json of " + files.name();
    JsonNode json = StrictJson.value(jsonBytes(files, id), subject);
    StrictJson.requireExactKeys(json, KEYS, subject);
    return json;
  }

  @Override
  public List<String> names() {
    return names;
  }

  /** What takes its place has no name by a digest. */
  @Override
  public Optional<byte[]> configBytes() {
    return Optional.empty();
  }

  @Override
  public Platform platform() throws ScanException {
    return config().platform();
  }

  private ImageConfig config() throws ScanException {
    return ManifestParser.config(jsonBytes(files, top), top + "/json of " + files.name());
  }

  @Override
  public Image image(ImageReference reference, List<String> notes)
      throws ScanException, InterruptedException {
    List<Layer> layers = new ArrayList<>();
    List<LayerContent> contents = new ArrayList<>();
    for (String id : chain()) {
      String path = id + "/layer.tar";
      Digest digest = files.digest(path);
      Layer layer = new Layer(digest, Optional.empty(), files.size(path), "");
      layers.add(layer);
      contents.add(files.layer(path, layer, DigestOf.BLOB));
    }
    return new Image(
        reference,
        new ImageManifest(Optional.empty(), Optional.empty(), Optional.empty(), config(), layers),
        contents,
        notes);
  }

  /** The ids of the layers, bottom first. */
  private List<String> chain() throws ScanException {
    List<String> ids = new ArrayList<>();
    for (String id = top; !id.isEmpty(); id = json(files, id).path("parent").asString("")) {
      ids.add(id);
      if (ids.size() > MAX_LAYERS) {
        throw new ScanException.LimitExceeded(
            files.name() + ": more than " + MAX_LAYERS + " layers, or a circle of parents");
      }
    }
    Collections.reverse(ids);
    return ids;
  }
}
