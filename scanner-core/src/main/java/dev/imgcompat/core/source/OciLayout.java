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
import java.util.stream.Collectors;

/** An OCI image layout (image-layout.md of the OCI image specification), wherever its files are. */
final class OciLayout implements ManifestStore {
  static final String INDEX = "index.json";

  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  /** The full name, where containerd wrote the layout; its tag is the ref name then. */
  private static final String CONTAINERD_NAME = "io.containerd.image.name";

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
        ? resolver.resolve(manifest(chosen.get(0)), chosen.get(0).digest())
        : resolver.resolve(new ManifestDocument.Index(chosen), Bytes.digest(indexBytes));
  }

  private ManifestDocument.Index index() throws ScanException {
    String subject = INDEX + " of " + files.name();
    if (ManifestParser.manifest(indexBytes, subject) instanceof ManifestDocument.Index index) {
      return index;
    }
    throw new ScanException.NotAnImage(subject + " is no index");
  }

  /** The descriptors that are meant: one, or those of one image for several platforms. */
  private List<Descriptor> choose(ManifestDocument.Index index, Optional<String> tag)
      throws ScanException {
    List<Descriptor> all = index.manifests().stream().filter(d -> !d.isAttestation()).toList();
    if (all.isEmpty()) {
      throw new ScanException.NotFound(files.name() + " is empty");
    }
    List<Descriptor> meant = tag.isEmpty() ? all : named(all, tag.get());
    if (meant.isEmpty()) {
      throw new ScanException.NotFound(
          files.name() + " has no tag '" + tag.get() + "'; it has: " + names(all));
    }
    boolean oneImage =
        meant.stream().map(Descriptor::digest).distinct().count() == 1
            || meant.stream()
                .allMatch(
                    d ->
                        d.platform().isPresent()
                            && (tag.isPresent() || !d.annotations().containsKey(REF_NAME)));
    if (!oneImage) {
      throw new ScanException.NotFound(
          files.name()
              + " has several images"
              + tag.map(t -> " of the tag '" + t + "'").orElse("")
              + ": write after its name :TAG or @DIGEST, of one of "
              + names(meant));
    }
    return meant.stream().map(Descriptor::digest).distinct().count() == 1
        ? meant.subList(0, 1)
        : meant;
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

  @Override
  public byte[] manifest(Descriptor descriptor) throws ScanException {
    return read(descriptor.digest(), ManifestParser.MAX_MANIFEST_BYTES);
  }

  @Override
  public byte[] config(Digest digest) throws ScanException {
    return read(digest, ManifestParser.MAX_CONFIG_BYTES);
  }

  @Override
  public LayerContent layer(Layer layer, List<String> urls) throws ScanException {
    String path = blob(layer.digest());
    return !urls.isEmpty() && files.size(path).isEmpty()
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
