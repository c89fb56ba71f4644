package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InArchive;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.ForeignLayers;
import java.util.List;

/** {@code oci-archive:FILE[:TAG]}: an OCI layout in a tar, compressed or not. */
final class OciArchiveSource implements ImageSource {
  private final Archives archives;
  private final ForeignLayers foreignLayers;

  OciArchiveSource(Archives archives, ForeignLayers foreignLayers) {
    this.archives = archives;
    this.foreignLayers = foreignLayers;
  }

  @Override
  public boolean serves(ImageReference reference) {
    return reference instanceof InArchive archive && archive.form() == InArchive.Form.OCI;
  }

  @Override
  public List<Image> resolve(
      ImageReference reference, PlatformRequest platforms, PassingLayers passing)
      throws ScanException, InterruptedException {
    InArchive image = (InArchive) reference;
    FileTree files = archives.open(image, passing);
    byte[] index =
        files
            .document(OciLayout.INDEX, ManifestParser.MAX_MANIFEST_BYTES)
            .orElseThrow(() -> notOne(files, image));
    OciLayout layout = new OciLayout(files, index, foreignLayers);
    List<Image> images = layout.resolve(image, image.name(), image.digest(), platforms);
    TwoLists.requireTheSame(files, images, layout);
    return images;
  }

  private static ScanException notOne(FileTree files, InArchive image) {
    if (!files.isComplete()) {
      return ScanException.Damaged.brokenOff(
          files.name() + " ends before its index.json, without the mark that ends a tar", null);
    }
    return new ScanException.NotAnImage(
        files.name()
            + " is not an OCI layout, it has no index.json"
            + (files.paths().contains(DockerArchive.MANIFEST)
                ? ": it is one of Docker, write docker-archive:" + image.origin()
                : Archives.otherwise(files)));
  }
}
