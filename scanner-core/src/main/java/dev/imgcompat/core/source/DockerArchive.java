package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.DocumentStore;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.ForeignLayers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The images of an archive of Docker, whichever way it lists them: in {@code manifest.json}, or, as
 * engines before 1.10 wrote it, in {@code repositories} and one directory a layer.
 */
final class DockerArchive {
  static final String MANIFEST = "manifest.json";

  private static final int MAX_NAMES_SHOWN = 50;
  private static final int MAX_PLATFORMS = 64;

  private final FileTree files;
  private final List<SavedImage> images;

  private DockerArchive(FileTree files, List<SavedImage> images) {
    this.files = files;
    this.images = List.copyOf(images);
  }

  /** One image of an archive. */
  interface SavedImage {
    /** Its names as they are written there; none where it was saved by its id. */
    List<String> names();

    /** The bytes of its config; none where there is no such file. */
    Optional<byte[]> configBytes() throws ScanException;

    /** The platform that its config claims. */
    Platform platform() throws ScanException;

    /** The image itself. */
    Image image(ImageReference reference, List<String> notes)
        throws ScanException, InterruptedException;
  }

  /**
   * Reads what an archive lists.
   *
   * @param path of the archive, as a reference would name it
   */
  static DockerArchive open(FileTree files, String path) throws ScanException {
    Optional<byte[]> manifest = files.document(MANIFEST, ManifestParser.MAX_MANIFEST_BYTES);
    List<SavedImage> images =
        manifest.isPresent()
            ? SavedByManifest.list(files, manifest.get())
            : SavedByLegacy.list(files);
    if (images.isEmpty() && !files.isComplete()) {
      throw ScanException.Damaged.brokenOff(
          files.name() + " ends before its manifest.json, without the mark that ends a tar", null);
    }
    if (images.isEmpty()) {
      throw new ScanException.NotAnImage(
          files.name()
              + " is none of 'docker save', it has neither manifest.json nor repositories"
              + (files.paths().contains(OciLayout.INDEX)
                  ? ": it is an OCI layout, write oci-archive:" + path
                  : Archives.otherwise(files)));
    }
    return new DockerArchive(files, images);
  }

  /** Keeps the configs of its images. */
  DockerArchive keepingConfigs(DocumentStore documents) throws ScanException {
    for (SavedImage image : images) {
      image.configBytes().ifPresent(bytes -> documents.putDocument(Bytes.digest(bytes), bytes));
    }
    return this;
  }

  /** How many images it has. */
  int size() {
    return images.size();
  }

  /** The digest of the config of an image, counted from 0. */
  Optional<Digest> configDigest(int index) throws ScanException {
    return images.get(index).configBytes().map(Bytes::digest);
  }

  /**
   * Resolves to the image that is meant; several if it is there for several platforms.
   *
   * @param name a reference or a tag
   * @param index from 0
   */
  List<Image> resolve(
      ImageReference reference, Optional<String> name, OptionalInt index, PlatformRequest platforms)
      throws ScanException, InterruptedException {
    List<SavedImage> meant = ofPlatform(choose(name, index), platforms);
    List<Image> resolved = new ArrayList<>();
    for (SavedImage image : meant) {
      List<String> notes = new ArrayList<>();
      ManifestResolver.platformNote(image.platform(), platforms).ifPresent(notes::add);
      resolved.add(image.image(reference, notes));
    }
    Optional<byte[]> other = files.document(OciLayout.INDEX, ManifestParser.MAX_MANIFEST_BYTES);
    if (other.isPresent()) {
      OciLayout layout = new OciLayout(files, other.get(), ForeignLayers.NOT_ALLOWED);
      TwoLists.requireTheSame(files, resolved, layout);
    }
    return resolved;
  }

  private List<SavedImage> choose(Optional<String> name, OptionalInt index) throws ScanException {
    if (index.isPresent()) {
      if (index.getAsInt() >= images.size()) {
        throw new ScanException.NotFound(
            files.name()
                + " has no image @"
                + index.getAsInt()
                + ", it has "
                + images.size()
                + ", counted from 0");
      }
      return List.of(images.get(index.getAsInt()));
    }
    if (name.isPresent()) {
      List<SavedImage> named = named(name.get());
      if (named.isEmpty()) {
        throw new ScanException.NotFound(
            files.name() + " has no image '" + name.get() + "'; it has: " + names());
      }
      return named;
    }
    // One image for several platforms has the same names for each.
    if (images.size() > 1
        && (images.get(0).names().isEmpty()
            || images.stream().map(SavedImage::names).distinct().count() > 1)) {
      throw new ScanException.NotFound(
          files.name()
              + " has several images: write after its name :NAME:TAG or :@INDEX, one of "
              + names());
    }
    return images;
  }

  /** Those of a name; or else those of a tag, if it is no other image's as well. */
  private List<SavedImage> named(String name) throws ScanException {
    String full = ImageNames.full(name);
    List<SavedImage> named =
        images.stream()
            .filter(i -> i.names().stream().anyMatch(n -> ImageNames.full(n).equals(full)))
            .toList();
    if (!named.isEmpty()) {
      return named;
    }
    Set<String> tagged =
        images.stream()
            .flatMap(i -> i.names().stream())
            .filter(n -> ImageNames.tag(n).equals(name))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<SavedImage> byTag =
        images.stream().filter(i -> i.names().stream().anyMatch(tagged::contains)).toList();
    if (byTag.stream().map(SavedImage::names).distinct().count() > 1) {
      throw new ScanException.NotFound(
          files.name()
              + " has several images of the tag '"
              + name
              + "': write one of "
              + String.join(", ", tagged));
    }
    return byTag;
  }

  private List<SavedImage> ofPlatform(List<SavedImage> candidates, PlatformRequest platforms)
      throws ScanException {
    if (candidates.size() > MAX_PLATFORMS) {
      throw new ScanException.LimitExceeded(
          files.name()
              + " has "
              + candidates.size()
              + " images of one name; the limit is "
              + MAX_PLATFORMS);
    }
    if (candidates.size() == 1 || platforms.wanted().isEmpty()) {
      return candidates;
    }
    List<SavedImage> accepted = new ArrayList<>();
    Set<String> there = new LinkedHashSet<>();
    for (SavedImage candidate : candidates) {
      there.add(candidate.platform().toString());
      if (platforms.wanted().get().accepts(candidate.platform())) {
        accepted.add(candidate);
      }
    }
    if (accepted.isEmpty()) {
      throw ManifestResolver.missing(platforms.wanted().get(), there);
    }
    // Docker gives the name to the last of them, and others take the first.
    if (accepted.size() > 1) {
      throw new ScanException.NotFound(
          files.name()
              + " has several images of the name and platform: write after its name :@INDEX, from"
              + " 0 to "
              + (images.size() - 1));
    }
    return accepted;
  }

  private String names() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < images.size() && names.size() < MAX_NAMES_SHOWN; i++) {
      List<String> own = images.get(i).names();
      names.addAll(own.isEmpty() ? List.of("@" + i) : own);
    }
    return String.join(", ", names);
  }
}
