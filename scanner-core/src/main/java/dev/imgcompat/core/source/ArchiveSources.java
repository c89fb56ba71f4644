package dev.imgcompat.core.source;

import dev.imgcompat.core.image.ImageSource;
import java.io.InputStream;
import java.util.List;

/** The sources of archives. */
public final class ArchiveSources {
  private ArchiveSources() {}

  /**
   * Returns {@code docker-archive:} and {@code oci-archive:}.
   *
   * @param standardInput is read for {@code -}, once, by whichever asks first
   */
  public static List<ImageSource> all(InputStream standardInput) {
    Archives archives = new Archives(standardInput);
    return List.of(new DockerArchiveSource(archives), new OciArchiveSource(archives));
  }
}
