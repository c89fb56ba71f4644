package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.ForeignLayers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code oci:DIR[:TAG]}: an OCI layout in a directory. */
public final class OciLayoutSource implements ImageSource {
  private final ForeignLayers foreignLayers;

  /**
   * Creates a source.
   *
   * @param foreignLayers gets the layers that a layout lacks and the manifest has urls for
   */
  public OciLayoutSource(ForeignLayers foreignLayers) {
    this.foreignLayers = foreignLayers;
  }

  @Override
  public boolean serves(ImageReference reference) {
    return reference instanceof ImageReference.InLayout;
  }

  @Override
  public List<Image> resolve(
      ImageReference reference, PlatformRequest platforms, PassingLayers passing)
      throws ScanException, InterruptedException {
    ImageReference.InLayout image = (ImageReference.InLayout) reference;
    Path directory = image.directory();
    if (!Files.exists(directory)) {
      throw new ScanException.NotFound("there is no directory " + directory);
    }
    if (Files.isRegularFile(directory)) {
      throw new ScanException.NotAnImage(
          directory + " is a file: write oci-archive:" + directory + " if it is an OCI layout");
    }
    DirectoryTree files = new DirectoryTree(directory);
    byte[] index =
        files
            .document(OciLayout.INDEX, ManifestParser.MAX_MANIFEST_BYTES)
            .orElseThrow(() -> notOne(directory));
    return new OciLayout(files, index, foreignLayers)
        .resolve(image, image.tag(), image.digest(), platforms);
  }

  private static ScanException notOne(Path directory) {
    String rootfs =
        Misplaced.isRoot(directory)
            ? "; an unpacked root file system is scanned as rootfs:" + directory
            : "";
    return new ScanException.NotAnImage(
        directory
            + Misplaced.image(directory)
                .map(other -> " " + other)
                .orElse(" is not an OCI layout, it has no index.json" + rootfs));
  }
}
