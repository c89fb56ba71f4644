package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Descriptor;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ManifestDocument;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code oci:DIR[:TAG]}: an OCI image layout (image-layout.md of the OCI image specification). */
public final class OciLayoutSource implements ImageSource {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  @Override
  public boolean serves(ImageReference reference) {
    return reference instanceof ImageReference.InLayout;
  }

  @Override
  public List<Image> resolve(
      ImageReference reference, PlatformRequest platforms, PassingLayers passing)
      throws ScanException, InterruptedException {
    ImageReference.InLayout image = (ImageReference.InLayout) reference;
    Layout layout = new Layout(image.directory());
    ManifestResolver resolver = new ManifestResolver(image, layout, platforms);
    if (image.digest().isPresent()) {
      Digest digest = image.digest().get();
      return resolver.resolve(layout.read(digest, ManifestParser.MAX_MANIFEST_BYTES), digest);
    }
    ManifestDocument.Index index = layout.index();
    Optional<Descriptor> chosen = choose(index, image);
    if (chosen.isPresent()) {
      return resolver.resolve(layout.manifest(chosen.get()), chosen.get().digest());
    }
    return resolver.resolve(index, Bytes.digest(layout.indexBytes()));
  }

  /** The descriptor that is meant; empty where the layout is one image for several platforms. */
  private static Optional<Descriptor> choose(
      ManifestDocument.Index index, ImageReference.InLayout image) throws ScanException {
    List<Descriptor> manifests =
        index.manifests().stream().filter(d -> !d.isAttestation()).toList();
    if (image.tag().isPresent()) {
      String tag = image.tag().get();
      Optional<Descriptor> found =
          manifests.stream().filter(d -> tag.equals(d.annotations().get(REF_NAME))).findFirst();
      if (found.isEmpty()) {
        throw new ScanException.NotFound(
            "the layout "
                + image.directory()
                + " has no tag '"
                + tag
                + "'; it has: "
                + tags(manifests));
      }
      return found;
    }
    if (manifests.isEmpty()) {
      throw new ScanException.NotFound("the layout " + image.directory() + " is empty");
    }
    if (manifests.size() == 1) {
      return Optional.of(manifests.get(0));
    }
    boolean oneImage =
        manifests.stream()
            .allMatch(d -> d.platform().isPresent() && !d.annotations().containsKey(REF_NAME));
    if (oneImage) {
      return Optional.empty();
    }
    throw new ScanException.NotFound(
        "the layout "
            + image.directory()
            + " has several images: write oci:"
            + image.directory()
            + ":TAG with one of "
            + tags(manifests));
  }

  private static String tags(List<Descriptor> manifests) {
    return manifests.stream()
        .map(d -> d.annotations().getOrDefault(REF_NAME, "@" + d.digest()))
        .limit(50)
        .collect(Collectors.joining(", "));
  }

  private static final class Layout implements ManifestStore {
    private final Path directory;
    private final byte[] indexBytes;

    Layout(Path directory) throws ScanException {
      this.directory = directory;
      if (!Files.exists(directory)) {
        throw new ScanException.NotFound("there is no directory " + directory);
      }
      Path index = directory.resolve("index.json");
      if (!Files.isRegularFile(index)) {
        throw new ScanException.NotAnImage(
            directory
                + " is not an OCI layout, it has no index.json; an unpacked root file system is"
                + " scanned as rootfs:"
                + directory);
      }
      this.indexBytes = read(index, ManifestParser.MAX_MANIFEST_BYTES, "index.json");
    }

    byte[] indexBytes() {
      return indexBytes;
    }

    ManifestDocument.Index index() throws ScanException {
      ManifestDocument document = ManifestParser.manifest(indexBytes, "index.json of " + directory);
      if (document instanceof ManifestDocument.Index index) {
        return index;
      }
      throw new ScanException.NotAnImage("index.json of " + directory + " is no index");
    }

    byte[] read(Digest digest, int most) throws ScanException {
      byte[] bytes = read(blob(digest), most, "blob " + digest);
      if (!Bytes.digest(bytes).equals(digest)) {
        throw new ScanException.DigestMismatch(
                "blob " + digest + " of " + directory + " does not have that digest")
            .ofLocalCopy();
      }
      return bytes;
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
    public LayerContent layer(Layer layer) {
      return new LayerContent.Blob(
          layer,
          false,
          () -> {
            Path blob = blob(layer.digest());
            if (!Files.isRegularFile(blob)) {
              throw missing("layer " + layer.digest());
            }
            try {
              return Files.newInputStream(blob);
            } catch (IOException e) {
              throw unreadable("layer " + layer.digest(), e);
            }
          });
    }

    private Path blob(Digest digest) {
      return directory.resolve("blobs").resolve("sha256").resolve(digest.hex());
    }

    private byte[] read(Path file, int most, String what) throws ScanException {
      if (!Files.isRegularFile(file)) {
        throw missing(what);
      }
      try (InputStream in = Files.newInputStream(file)) {
        return Bytes.read(in, most, what);
      } catch (IOException e) {
        throw unreadable(what, e);
      }
    }

    private ScanException unreadable(String what, IOException e) {
      return new ScanException.Unreadable(
          what
              + " of "
              + directory
              + " could not be read: "
              + (e instanceof AccessDeniedException
                  ? "permission denied"
                  : ScanException.reason(e)),
          e);
    }

    private ScanException missing(String what) {
      return new ScanException.Damaged("the layout " + directory + " lacks " + what, null);
    }
  }
}
