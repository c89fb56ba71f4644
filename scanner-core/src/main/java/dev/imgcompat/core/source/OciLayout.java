package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Descriptor;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import dev.imgcompat.core.image.ManifestDocument;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.ForeignLayers;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** An OCI image layout (image-layout.md of the OCI image specification), wherever its files are. */
final class OciLayout implements ManifestStore {
  static final String INDEX = "index.json";

  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  /** The full name, where containerd wrote the layout; its tag is the ref name then. */
  static final String CONTAINERD_NAME = "io.containerd.image.name";

  private final FileTree files;
  private final ForeignLayers foreignLayers;
  private final byte[] indexBytes;

  /**
   * Opens a layout.
   *
   * @param indexBytes of its index.json
   * @param foreignLayers gets the layers that it lacks
   */
  OciLayout(FileTree files, byte[] indexBytes, ForeignLayers foreignLayers) {
    this.files = files;
    this.foreignLayers = foreignLayers;
    this.indexBytes = indexBytes;
  }

  /**
   * Resolves to the images that are meant.
   *
   * @param reference by which it was asked for
   * @param tag as the index annotates it
   * @param digest of a manifest or an index in the layout
   */
  List<Image> resolve(
      ImageReference reference,
      Optional<String> tag,
      Optional<Digest> digest,
      PlatformRequest platforms)
      throws ScanException, InterruptedException {
    ManifestResolver resolver = new ManifestResolver(reference, this, platforms);
    if (digest.isPresent()) {
      return resolver.resolve(read(digest.get(), ManifestParser.MAX_MANIFEST_BYTES), digest.get());
    }
    List<Descriptor> chosen = choose(index(), tag);
    return chosen.size() == 1
        ? resolver.resolve(
            read(chosen.get(0).digest(), ManifestParser.MAX_MANIFEST_BYTES), chosen.get(0).digest())
        : resolver.resolve(new ManifestDocument.Index(chosen), Bytes.digest(indexBytes));
  }

  /** Its index.json. */
  ManifestDocument.Index index() throws ScanException {
    String subject = INDEX + " of " + files.name();
    if (ManifestParser.manifest(indexBytes, subject) instanceof ManifestDocument.Index index) {
      return index;
    }
    throw new ScanException.NotAnImage(subject + " is no index");
  }

  /** The descriptors that are meant: one, or those of one image for several platforms. */
  private List<Descriptor> choose(ManifestDocument.Index index, Optional<String> tag)
      throws ScanException {
    List<Descriptor> listed = index.manifests().stream().filter(d -> !d.isAttestation()).toList();
    List<Descriptor> images = listed.stream().filter(d -> !d.isArtifact()).toList();
    List<Descriptor> all = images.isEmpty() || tag.isPresent() ? listed : images;
    if (all.isEmpty()) {
      throw new ScanException.NotFound(files.name() + " is empty");
    }
    List<Descriptor> meant = tag.isEmpty() ? all : named(all, tag.get());
    if (meant.isEmpty()) {
      throw new ScanException.NotFound(
          files.name() + " has no tag '" + tag.get() + "'; it has: " + names(all));
    }
    if (meant.stream().map(Descriptor::digest).distinct().count() == 1) {
      return meant.subList(0, 1);
    }
    if (!isOneImage(meant)) {
      throw new ScanException.NotFound(
          files.name()
              + " has several images"
              + tag.map(t -> " of the tag '" + t + "'").orElse("")
              + ": write after its name :TAG or @DIGEST, of one of "
              + names(meant));
    }
    return meant;
  }

  /** Whether descriptors are of one name, and of one platform each. */
  private static boolean isOneImage(List<Descriptor> descriptors) {
    return descriptors.stream().allMatch(d -> d.platform().isPresent())
        && descriptors.stream().map(Descriptor::platform).distinct().count() == descriptors.size()
        && descriptors.stream()
                .map(
                    d ->
                        d.annotations().getOrDefault(REF_NAME, "")
                            + " "
                            + d.annotations().getOrDefault(CONTAINERD_NAME, ""))
                .distinct()
                .count()
            == 1;
  }

  /** Those with a tag; or else, as containerd exports them, those with a full name. */
  private static List<Descriptor> named(List<Descriptor> all, String name) {
    List<Descriptor> byTag =
        all.stream().filter(d -> name.equals(d.annotations().get(REF_NAME))).toList();
    if (!byTag.isEmpty()) {
      return byTag;
    }
    String full = ImageNames.full(name);
    return all.stream().filter(d -> full.equals(d.annotations().get(CONTAINERD_NAME))).toList();
  }

  private static String names(List<Descriptor> manifests) {
    return manifests.stream()
        .map(
            d ->
                d.annotations()
                    .getOrDefault(
                        CONTAINERD_NAME, d.annotations().getOrDefault(REF_NAME, "@" + d.digest())))
        .distinct()
        .limit(50)
        .collect(Collectors.joining(", "));
  }

  /** Of an index in an archive, some manifests may have been left out. */
  @Override
  public byte[] manifest(Descriptor descriptor) throws ScanException {
    if (files.size(blob(descriptor.digest())).isEmpty()) {
      throw new ScanException.NotFound(
          files.name() + " lacks the manifest " + descriptor.digest() + ", which its index lists");
    }
    return read(descriptor.digest(), ManifestParser.MAX_MANIFEST_BYTES);
  }

  @Override
  public byte[] config(Digest digest) throws ScanException {
    return read(digest, ManifestParser.MAX_CONFIG_BYTES);
  }

  @Override
  public LayerContent layer(Layer layer, List<String> urls) throws ScanException {
    String path = blob(layer.digest());
    OptionalLong size = files.size(path);
    if (size.isPresent()
        && layer.size().isPresent()
        && size.getAsLong() != layer.size().getAsLong()) {
      return new LayerContent.Failed(
          layer,
          new ScanException.DigestMismatch(
                  "layer "
                      + layer.digest()
                      + " has "
                      + size.getAsLong()
                      + " bytes in "
                      + files.name()
                      + ", the manifest states "
                      + layer.size().getAsLong())
              .ofLocalCopy());
    }
    return !urls.isEmpty() && size.isEmpty()
        ? new LayerContent.Blob(layer, true, () -> foreignLayers.open(layer, urls))
        : files.layer(path, layer, DigestOf.BLOB);
  }

  private byte[] read(Digest digest, int most) throws ScanException {
    byte[] bytes = files.document(blob(digest), most).orElseThrow(() -> missing("blob " + digest));
    if (!Bytes.digest(bytes).equals(digest)) {
      throw new ScanException.DigestMismatch(
              "blob " + digest + " of " + files.name() + " does not have that digest")
          .ofLocalCopy();
    }
    return bytes;
  }

  private static String blob(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }

  private ScanException missing(String what) {
    return new ScanException.Damaged(files.name() + " lacks " + what, null);
  }
}
