package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Bytes;
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
import dev.imgcompat.core.tar.PathNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An image that {@code manifest.json} lists (image specification 1.1 of Docker). Its layers have
 * the digests that the config tells, those of the uncompressed tars; the names of the files prove
 * nothing.
 */
final class SavedByManifest implements DockerArchive.SavedImage {
  private static final int MAX_IMAGES = 10_000;
  private static final Set<String> KEYS = Set.of("Config", "RepoTags", "Layers");

  private final FileTree files;
  private final String configPath;
  private final List<String> names;
  private final List<String> layers;
  private @Nullable Digest configDigest;
  private @Nullable ImageConfig config;

  private SavedByManifest(
      FileTree files, String configPath, List<String> names, List<String> layers) {
    this.files = files;
    this.configPath = configPath;
    this.names = List.copyOf(names);
    this.layers = List.copyOf(layers);
  }

  static List<DockerArchive.SavedImage> list(FileTree files, byte[] manifest) throws ScanException {
    String subject = DockerArchive.MANIFEST + " of " + files.name();
    JsonNode root = StrictJson.value(manifest, subject);
    if (!root.isArray()) {
      throw new ScanException.NotAnImage(subject + " is no list of images");
    }
    if (root.size() > MAX_IMAGES) {
      throw new ScanException.LimitExceeded(
          subject + " lists " + root.size() + " images; the limit is " + MAX_IMAGES);
    }
    List<DockerArchive.SavedImage> images = new ArrayList<>();
    for (JsonNode image : root) {
      StrictJson.requireExactKeys(image, KEYS, subject);
      images.add(
          new SavedByManifest(
              files,
              PathNames.normalise(image.path("Config").asString("")),
              SavedJson.strings(image.path("RepoTags"), subject),
              SavedJson.strings(image.path("Layers"), subject).stream()
                  .map(PathNames::normalise)
                  .toList()));
    }
    return images;
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public Platform platform() throws ScanException {
    return config().platform();
  }

  @Override
  public Optional<byte[]> configBytes() throws ScanException {
    return files.document(configPath, ManifestParser.MAX_CONFIG_BYTES);
  }

  private ImageConfig config() throws ScanException {
    if (config == null) {
      byte[] bytes =
          configBytes()
              .orElseThrow(
                  () ->
                      new ScanException.Damaged(
                          files.name() + " lacks the config " + configPath, null));
      configDigest = Bytes.digest(bytes);
      config = ManifestParser.config(bytes, "config " + configDigest);
    }
    return config;
  }

  @Override
  public Image image(ImageReference reference, List<String> notes) throws ScanException {
    ImageConfig known = config();
    List<Digest> diffIds = known.diffIds();
    if (diffIds.size() != layers.size()) {
      throw new ScanException.Damaged(
          "the config "
              + configDigest
              + " lists "
              + diffIds.size()
              + " diff ids, manifest.json "
              + layers.size()
              + " layers",
          null);
    }
    List<Layer> listed = new ArrayList<>();
    List<LayerContent> contents = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Digest diffId = diffIds.get(i);
      Layer layer = new Layer(diffId, Optional.of(diffId), files.size(layers.get(i)), "");
      listed.add(layer);
      contents.add(files.layer(layers.get(i), layer, DigestOf.TAR));
    }
    return new Image(
        reference,
        new ImageManifest(
            Optional.empty(), Optional.empty(), Optional.ofNullable(configDigest), known, listed),
        contents,
        notes);
  }
}
