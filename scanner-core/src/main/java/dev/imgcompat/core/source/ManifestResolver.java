package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Descriptor;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.ImageManifest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ManifestDocument;
import dev.imgcompat.core.image.ManifestDocument.Index;
import dev.imgcompat.core.image.ManifestDocument.Legacy;
import dev.imgcompat.core.image.ManifestDocument.Single;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.SignedManifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Goes from a manifest or an index to the images behind it, the same way for every transport. */
final class ManifestResolver {
  private final ImageReference reference;
  private final ManifestStore store;
  private final PlatformRequest platforms;

  ManifestResolver(ImageReference reference, ManifestStore store, PlatformRequest platforms) {
    this.reference = reference;
    this.store = store;
    this.platforms = platforms;
  }

  /**
   * Resolves a manifest of whatever form.
   *
   * @param digest by which failures name it
   */
  List<Image> resolve(byte[] manifest, Digest digest) throws ScanException, InterruptedException {
    String subject = "manifest " + digest;
    byte[] signed = SignedManifest.payload(manifest, subject);
    ManifestDocument document = ManifestParser.manifest(signed, subject);
    return document instanceof Index index
        ? resolve(index, digest)
        : List.of(image(document, Bytes.digest(signed), Optional.empty(), List.of()));
  }

  /** The same, but an index resolves to its first image where the wanted platform is missing. */
  Image resolveAny(byte[] manifest, Digest digest) throws ScanException, InterruptedException {
    try {
      return resolve(manifest, digest).get(0);
    } catch (ScanException.PlatformMissing missing) {
      Index index = (Index) ManifestParser.manifest(manifest, "manifest " + digest);
      Optional<Descriptor> first =
          new IndexTree(index, store)
              .leaves().stream().filter(leaf -> !leaf.isArtifact()).findFirst();
      if (first.isEmpty()) {
        throw missing;
      }
      ManifestDocument document = IndexTree.document(first.get(), store);
      return image(document, first.get().digest(), Optional.of(digest), List.of());
    }
  }

  /** Resolves an index; {@code digest} is that of the index. */
  List<Image> resolve(Index index, Digest digest) throws ScanException, InterruptedException {
    IndexTree tree = new IndexTree(index, store);
    if (platforms.wanted().isEmpty()) {
      return all(tree, digest);
    }
    Platform wanted = platforms.wanted().get();
    List<Platform> choices = wanted.choices();
    Optional<Descriptor> chosen = tree.best(platform -> rank(choices, platform));
    List<String> notes = new ArrayList<>();
    if (chosen.isEmpty() && wanted.variant().isEmpty()) {
      chosen = tree.best(platform -> lowestVariant(wanted, platform));
      chosen
          .flatMap(Descriptor::platform)
          .ifPresent(p -> notes.add("the index has nothing closer to " + wanted + " than " + p));
    }
    if (chosen.isEmpty()) {
      throw missing(wanted, tree.leaves(), digest);
    }
    ManifestDocument document;
    try {
      document = IndexTree.document(chosen.get(), store);
    } catch (ScanException.NotFound e) {
      throw new ScanException.PlatformMissing(
          "the index lists an image for " + wanted + ", but " + e.getMessage());
    }
    return List.of(image(document, chosen.get().digest(), Optional.of(digest), notes));
  }

  /** As containers/image has it: what names no platform comes after all that name a right one. */
  private static OptionalInt rank(List<Platform> choices, Optional<Platform> platform) {
    if (platform.isEmpty()) {
      return OptionalInt.of(choices.size());
    }
    int rank = choices.indexOf(platform.get());
    return rank < 0 ? OptionalInt.empty() : OptionalInt.of(rank);
  }

  /** The lower the number in a variant, the more machines it runs on. */
  private static OptionalInt lowestVariant(Platform wanted, Optional<Platform> platform) {
    if (platform.isEmpty() || !platform.get().isVariantOf(wanted)) {
      return OptionalInt.empty();
    }
    String digits = platform.get().variant().orElse("").replaceAll("\\D", "");
    return OptionalInt.of(
        digits.isEmpty() || digits.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(digits));
  }

  /** Every image of an index; what in it is no image is left out, but not without a word. */
  private List<Image> all(IndexTree tree, Digest digest)
      throws ScanException, InterruptedException {
    List<Descriptor> found = new ArrayList<>();
    List<ManifestDocument> documents = new ArrayList<>();
    List<String> others = new ArrayList<>();
    Optional<ScanException> lacking = Optional.empty();
    for (Descriptor descriptor : tree.leaves()) {
      if (descriptor.isArtifact()) {
        others.add(artifact(descriptor));
        continue;
      }
      try {
        documents.add(IndexTree.document(descriptor, store));
        found.add(descriptor);
      } catch (ScanException.NotAnImage e) {
        others.add(e.getMessage());
      } catch (ScanException.NotFound e) {
        others.add(e.getMessage());
        lacking = Optional.of(e);
      }
    }
    if (found.isEmpty()) {
      throw lacking.orElse(noImages(digest, others));
    }
    List<String> notes = new ArrayList<>();
    if (!others.isEmpty()) {
      notes.add(
          "the index lists "
              + (others.size() == 1 ? "something else, too: " : others.size() + " other things: ")
              + others.get(0)
              + (others.size() > 1 ? "; …" : ""));
    }
    List<Image> images = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      images.add(image(documents.get(i), found.get(i).digest(), Optional.of(digest), notes));
    }
    return images;
  }

  private static String artifact(Descriptor descriptor) {
    return "manifest "
        + descriptor.digest()
        + ": an artifact of type "
        + descriptor.artifactType().orElse(descriptor.mediaType())
        + ", not a container image";
  }

  private static ScanException noImages(Digest index, List<String> others) {
    return new ScanException.NotAnImage(
        "index "
            + index
            + " lists no container image"
            + (others.isEmpty() ? "" : ", but " + others.get(0)));
  }

  private static ScanException missing(Platform wanted, List<Descriptor> leaves, Digest index) {
    List<Descriptor> images = leaves.stream().filter(d -> !d.isArtifact()).toList();
    if (images.isEmpty()) {
      return noImages(index, leaves.stream().map(ManifestResolver::artifact).toList());
    }
    return missing(
        wanted,
        images.stream()
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
    return otherPlatform(platform, platforms).map(note -> note + "; it has no other platform");
  }

  /** A config may be for another platform than the wanted one, whatever an index says of it. */
  private static Optional<String> otherPlatform(Platform actual, PlatformRequest platforms) {
    return platforms
        .wanted()
        .filter(w -> !w.choices().contains(actual))
        .map(w -> "the image is for " + actual + ", not for " + w);
  }

  private Image image(
      ManifestDocument document, Digest digest, Optional<Digest> indexDigest, List<String> notes)
      throws ScanException, InterruptedException {
    if (document instanceof Legacy legacy) {
      return image(legacy, digest, indexDigest, notes);
    }
    if (document instanceof Single single) {
      return image(single, digest, indexDigest, notes);
    }
    throw new IllegalArgumentException("an index is more than one image");
  }

  private Image image(
      Single manifest, Digest digest, Optional<Digest> indexDigest, List<String> notes)
      throws ScanException, InterruptedException {
    Digest configDigest = manifest.config().digest();
    ImageConfig config =
        ManifestParser.config(store.config(configDigest), "config " + configDigest);
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
      contents.add(store.layer(layer, descriptor.urls()));
    }
    List<String> all = new ArrayList<>(notes);
    if (!paired) {
      all.add(
          "the config lists "
              + diffIds.size()
              + " diff ids, the manifest "
              + manifest.layers().size()
              + " layers: a runtime may refuse this image");
    }
    notePlatform(config.platform(), indexDigest.isPresent(), all);
    return new Image(
        reference,
        new ImageManifest(
            Optional.of(digest), indexDigest, Optional.of(configDigest), config, layers),
        contents,
        all);
  }

  private Image image(
      Legacy manifest, Digest digest, Optional<Digest> indexDigest, List<String> notes)
      throws ScanException {
    List<Layer> layers =
        manifest.layers().stream()
            .map(l -> new Layer(l, Optional.empty(), OptionalLong.empty(), ""))
            .toList();
    List<LayerContent> contents = new ArrayList<>();
    for (Layer layer : layers) {
      contents.add(store.layer(layer, List.of()));
    }
    List<String> all = new ArrayList<>(notes);
    notePlatform(manifest.config().platform(), indexDigest.isPresent(), all);
    return new Image(
        reference,
        new ImageManifest(
            Optional.of(digest), indexDigest, Optional.empty(), manifest.config(), layers),
        contents,
        all);
  }

  private void notePlatform(Platform actual, boolean ofIndex, List<String> notes) {
    (ofIndex ? otherPlatform(actual, platforms) : platformNote(actual, platforms))
        .ifPresent(notes::add);
  }
}
