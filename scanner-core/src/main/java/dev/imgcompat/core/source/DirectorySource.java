package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.ImageManifest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code rootfs:DIR}: an unpacked root file system. */
public final class DirectorySource implements ImageSource {
  @Override
  public boolean serves(ImageReference reference) {
    return reference instanceof ImageReference.InDirectory;
  }

  @Override
  public List<Image> resolve(
      ImageReference reference, PlatformRequest platforms, PassingLayers passing)
      throws ScanException {
    Path directory = ((ImageReference.InDirectory) reference).directory();
    if (!Files.exists(directory)) {
      throw new ScanException.NotFound("there is no directory " + directory);
    }
    if (!Files.isDirectory(directory)) {
      throw new ScanException.NotAnImage(
          directory
              + " is not a directory; an archive is scanned as docker-archive:FILE or"
              + " oci-archive:FILE");
    }
    Optional<String> other = Misplaced.image(directory);
    if (other.isPresent()) {
      throw new ScanException.NotAnImage(directory + " " + other.get());
    }
    Platform platform = platforms.explicit() ? platforms.wanted().orElse(host()) : host();
    return List.of(
        new Image(
            reference,
            new ImageManifest(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ImageConfig.bare(platform),
                List.of()),
            List.of(new LayerContent.Directory(directory)),
            List.of()));
  }

  /** A directory names no platform; as a rule it is of this machine. */
  private static Platform host() {
    return Platform.of(
        "linux", System.getProperty("os.arch", "amd64").toLowerCase(Locale.ROOT), Optional.empty());
  }
}
