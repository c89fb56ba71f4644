package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Descriptor;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ManifestDocument;
import dev.imgcompat.core.image.ManifestDocument.Index;
import dev.imgcompat.core.image.ManifestDocument.Single;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.ScanException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * An archive that lists its images both as Docker and as an OCI layout does, as newer engines and
 * containerd write them. Some programs load what the one says and others what the other says, so
 * the two must be of the same images.
 */
final class TwoLists {
  private final FileTree files;
  private final OciLayout layout;
  private final Map<Digest, Platform> saved = new HashMap<>();
  private final Map<String, Digest> names = new HashMap<>();

  private TwoLists(FileTree files, OciLayout layout) {
    this.files = files;
    this.layout = layout;
  }

  /**
   * Refuses an archive with two lists that differ, as far as that can concern some images.
   *
   * @param images which were found by one of the lists
   * @param layout finds what the other one lists
   */
  static void requireTheSame(FileTree files, List<Image> images, OciLayout layout)
      throws ScanException, InterruptedException {
    Optional<byte[]> manifest =
        files.document(DockerArchive.MANIFEST, ManifestParser.MAX_MANIFEST_BYTES);
    if (manifest.isEmpty() || files.size(OciLayout.INDEX).isEmpty()) {
      return;
    }
    TwoLists lists = new TwoLists(files, layout);
    lists.readSaved(SavedByManifest.list(files, manifest.get()));
    Set<Platform> platforms = new HashSet<>();
    images.forEach(image -> platforms.add(image.manifest().platform()));
    lists.compare(platforms);
  }

  private void readSaved(List<DockerArchive.SavedImage> images) throws ScanException {
    for (DockerArchive.SavedImage image : images) {
      Optional<Digest> config = image.configBytes().map(Bytes::digest);
      if (config.isPresent()) {
        saved.put(config.get(), image.platform());
        image.names().forEach(name -> names.put(ImageNames.full(name), config.get()));
      }
    }
  }

  private void compare(Set<Platform> platforms) throws ScanException, InterruptedException {
    Set<Digest> listed = new HashSet<>();
    for (Descriptor descriptor : layout.index().manifests()) {
      if (descriptor.isAttestation() || descriptor.isArtifact()) {
        continue;
      }
      Index index = new Index(List.of(descriptor));
      Set<Digest> configs = configs(index);
      listed.addAll(configs);
      Optional<Digest> named =
          Optional.ofNullable(
              names.get(descriptor.annotations().getOrDefault(OciLayout.CONTAINERD_NAME, "")));
      if (!configs.isEmpty()
          && (configs.stream().noneMatch(saved::containsKey)
              || named.filter(n -> !configs.contains(n)).isPresent())) {
        throw differ();
      }
      for (Platform platform : platforms) {
        Optional<Digest> chosen = chosen(index, platform);
        if (saved.containsValue(platform)
            && chosen.isPresent()
            && !saved.containsKey(chosen.get())) {
          throw differ();
        }
      }
    }
    if (!listed.isEmpty() && !listed.containsAll(saved.keySet())) {
      throw differ();
    }
  }

  /** The configs of all images below an index, as far as the archive has their manifests. */
  private Set<Digest> configs(Index index) throws ScanException, InterruptedException {
    Set<Digest> configs = new HashSet<>();
    for (Descriptor leaf : new IndexTree(index, layout).leaves()) {
      if (!leaf.isArtifact()) {
        config(leaf).ifPresent(configs::add);
      }
    }
    return configs;
  }

  private Optional<Digest> chosen(Index index, Platform platform)
      throws ScanException, InterruptedException {
    Optional<Descriptor> best =
        new IndexTree(index, layout)
            .best(
                p ->
                    p.isEmpty() || p.get().equals(platform)
                        ? OptionalInt.of(p.isEmpty() ? 1 : 0)
                        : OptionalInt.empty());
    return best.isPresent() ? config(best.get()) : Optional.empty();
  }

  private Optional<Digest> config(Descriptor manifest) throws ScanException, InterruptedException {
    try {
      ManifestDocument document = IndexTree.document(manifest, layout);
      return document instanceof Single single
          ? Optional.of(single.config().digest())
          : Optional.empty();
    } catch (ScanException.NotFound | ScanException.NotAnImage e) {
      return Optional.empty();
    }
  }

  private ScanException differ() {
    return new ScanException.Damaged(
        files.name()
            + " lists its images twice, and its manifest.json says something else than its"
            + " index.json",
        null);
  }
}
