package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InArchive;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import java.util.List;

/** {@code docker-archive:FILE[:NAME]}: what {@code docker save} wrote, compressed or not. */
final class DockerArchiveSource implements ImageSource {
  private final Archives archives;

  DockerArchiveSource(Archives archives) {
    this.archives = archives;
  }

  @Override
  public boolean serves(ImageReference reference) {
    return reference instanceof InArchive archive && archive.form() == InArchive.Form.DOCKER;
  }

  @Override
  public List<Image> resolve(
      ImageReference reference, PlatformRequest platforms, PassingLayers passing)
      throws ScanException, InterruptedException {
    InArchive image = (InArchive) reference;
    FileTree files = archives.open(image, passing);
    return DockerArchive.open(files, image.origin())
        .resolve(image, image.name(), image.index(), platforms);
  }
}
