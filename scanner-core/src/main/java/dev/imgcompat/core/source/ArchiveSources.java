package dev.imgcompat.core.source;

import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.registry.ForeignLayers;
import java.io.InputStream;
import java.util.List;

/** The sources of archives. */
public final class ArchiveSources {
  private ArchiveSources() {}

  /**
   * Returns {@code docker-archive:} and {@code oci-archive:}.
   *
   * @param standardInput is read for {@code -}, once, by whichever asks first
   * @param foreignLayers gets the layers that an OCI layout lacks and the manifest has urls for
   */
  public static List<ImageSource> all(InputStream standardInput, ForeignLayers foreignLayers) {
    Archives archives = new Archives(standardInput);
    return List.of(
        new DockerArchiveSource(archives), new OciArchiveSource(archives, foreignLayers));
  }
}
