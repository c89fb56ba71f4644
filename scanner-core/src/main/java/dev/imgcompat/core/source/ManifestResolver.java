package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Descriptor;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.ImageManifest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ManifestDocument;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Goes from a manifest or an index to the images behind it, the same way for every transport. */
final class ManifestResolver {
  /** An index of indexes is allowed; nobody nests deeper. */
  private static final int MAX_NESTING = 3;

  /** As many images as one reference may lead to. */
  private static final int MAX_IMAGES = 10_000;

  private final ImageReference reference;
  private final ManifestStore store;
  private final PlatformRequest platforms;

  ManifestResolver(ImageReference reference, ManifestStore store, PlatformRequest platforms) {
    this.reference = reference;
    this.store = store;
    this.platforms = platforms;
  }

  /** Resolves a manifest of whatever form. */
  List<Image> resolve(byte[] manifest, Digest digest) throws ScanException, InterruptedException {
    ManifestDocument document = ManifestParser.manifest(manifest, "manifest " + digest);
    if (document instanceof ManifestDocument.Index index) {
      return resolve(index, digest);
    }
    return List.of(image((ManifestDocument.Single) document, digest, Optional.empty()));
  }

  /** Resolves an index; {@code digest} is that of the index. */
  List<Image> resolve(ManifestDocument.Index index, Digest digest)
      throws ScanException, InterruptedException {
    List<Descriptor> all = new ArrayList<>();
    flatten(index, all, new HashSet<>(), 1);
    List<Image> images = new ArrayList<>();
    for (Descriptor descriptor : wanted(all)) {
      ManifestDocument document =
          ManifestParser.manifest(store.manifest(descriptor), "manifest " + descriptor.digest());
      if (document instanceof ManifestDocument.Single single) {
        images.add(image(single, descriptor.digest(), Optional.of(digest)));
      }
    }
    if (images.isEmpty()) {
      throw new ScanException.NotAnImage("index " + digest + " lists no container image");
    }
    return images;
  }

  private void flatten(
      ManifestDocument.Index index, List<Descriptor> into, Set<Digest> seen, int depth)
      throws ScanException, InterruptedException {
    for (Descriptor descriptor : index.manifests()) {
      if (descriptor.isAttestation()) {
        continue;
      }
      boolean nested =
          descriptor.mediaType().equals(ManifestDocument.MediaTypes.OCI_INDEX)
              || descriptor.mediaType().equals(ManifestDocument.MediaTypes.DOCKER_MANIFEST_LIST);
      if (!nested) {
        into.add(descriptor);
        if (into.size() > MAX_IMAGES) {
          throw new ScanException.LimitExceeded("an index of more than " + MAX_IMAGES + " images");
        }
      } else if (depth >= MAX_NESTING) {
        throw new ScanException.LimitExceeded("an index nested more than " + MAX_NESTING + " deep");
      } else if (seen.add(descriptor.digest())
          && ManifestParser.manifest(store.manifest(descriptor), "index " + descriptor.digest())
              instanceof ManifestDocument.Index inner) {
        flatten(inner, into, seen, depth + 1);
      }
    }
  }

  private List<Descriptor> wanted(List<Descriptor> all) throws ScanException {
    if (platforms.wanted().isEmpty()) {
      return all;
    }
    Platform wanted = platforms.wanted().get();
    Optional<Descriptor> exact =
        all.stream().filter(d -> d.platform().filter(wanted::accepts).isPresent()).findFirst();
    if (exact.isPresent()) {
      return List.of(exact.get());
    }
    // Without platforms to choose by, an index of one image is that image.
    if (all.size() == 1 && all.get(0).platform().isEmpty()) {
      return all;
    }
    throw missing(
        wanted,
        all.stream()
            .map(d -> d.platform().map(Platform::toString).orElse("(unnamed)"))
            .distinct()
            .toList());
  }

  /** There is no image for a platform, but for others. */
  static ScanException missing(Platform wanted, Collection<String> there) {
    return new ScanException.PlatformMissing(
        "there is no image for "
            + wanted
            + "; there are: "
            + there.stream().limit(20).collect(Collectors.joining(", "))
            + ". Choose with --platform");
  }

  /** The note that the only image there is, is for another platform than the wanted one. */
  static Optional<String> platformNote(Platform platform, PlatformRequest platforms) {
    return platforms
        .wanted()
        .filter(w -> !w.accepts(platform))
        .map(w -> "the image is for " + platform + ", not for " + w + "; it has no other platform");
  }

  private Image image(ManifestDocument.Single manifest, Digest digest, Optional<Digest> indexDigest)
      throws ScanException, InterruptedException {
    ImageConfig config =
        ManifestParser.config(
            store.config(manifest.config().digest()), "config " + manifest.config().digest());
    List<Digest> diffIds = config.diffIds();
    List<Layer> layers = new ArrayList<>();
    List<LayerContent> contents = new ArrayList<>();
    boolean paired = diffIds.size() == manifest.layers().size();
    for (int i = 0; i < manifest.layers().size(); i++) {
      Descriptor descriptor = manifest.layers().get(i);
      Layer layer =
          new Layer(
              descriptor.digest(),
              paired ? Optional.of(diffIds.get(i)) : Optional.empty(),
              OptionalLong.of(descriptor.size()),
              descriptor.mediaType());
      layers.add(layer);
      contents.add(store.layer(layer));
    }
    List<String> notes = new ArrayList<>();
    if (!paired) {
      notes.add(
          "the config lists "
              + diffIds.size()
              + " diff ids, the manifest "
              + manifest.layers().size()
              + " layers: a runtime may refuse this image");
    }
    if (indexDigest.isEmpty()) {
      platformNote(config.platform(), platforms).ifPresent(notes::add);
    }
    return new Image(
        reference,
        new ImageManifest(
            Optional.of(digest),
            indexDigest,
            Optional.of(manifest.config().digest()),
            config,
            layers),
        contents,
        notes);
  }
}
