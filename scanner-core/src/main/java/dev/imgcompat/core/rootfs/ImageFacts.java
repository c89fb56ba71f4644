package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.image.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the running container would see. Immutable.
 *
 * @param platform that the config claims
 * @param elfFiles every ELF file once, ordered by path
 * @param libc the C library that the start programs load, or the system's where none does
 * @param start the programs that a build starts through
 * @param releaseFiles the text of the files that may name the distribution, by absolute path, links
 *     followed
 * @param rpm the rpm that is installed
 * @param incomplete why this is not all that there is; empty for a whole scan
 */
public record ImageFacts(
    Platform platform,
    List<ElfFile> elfFiles,
    Optional<Libc> libc,
    List<StartProgram> start,
    Map<String, ReleaseFile> releaseFiles,
    Optional<RpmTool> rpm,
    List<String> incomplete) {
  public ImageFacts {
    elfFiles = List.copyOf(elfFiles);
    start = List.copyOf(start);
    releaseFiles = Map.copyOf(releaseFiles);
    incomplete = List.copyOf(incomplete);
  }

  /**
   * A file that may name the distribution.
   *
   * @param text its beginning
   * @param layer index of the layer that has it
   */
  public record ReleaseFile(String text, int layer) {}
}
