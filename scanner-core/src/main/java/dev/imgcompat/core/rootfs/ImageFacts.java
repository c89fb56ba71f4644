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
 * @param libcs every C library that programs load, or that calls the vsyscall page unloaded
 * @param start the programs that a build starts through
 * @param releaseFiles the text of the files that may name the distribution, by absolute path, links
 *     followed
 * @param distTag the version of a package that names the distribution, for want of a release file
 * @param tools those that guests may not suit
 * @param volumes the directories over which the runtime mounts volumes
 * @param unpacked the sizes of the files of all layers together, in bytes
 * @param incomplete why this is not all that there is; empty for a whole scan
 */
public record ImageFacts(
    Platform platform,
    List<ElfFile> elfFiles,
    Optional<Libc> libc,
    List<LibcUse> libcs,
    List<StartProgram> start,
    Map<String, ReleaseFile> releaseFiles,
    Optional<DistTag> distTag,
    List<Tool> tools,
    List<String> volumes,
    long unpacked,
    List<String> incomplete) {
  public ImageFacts {
    elfFiles = List.copyOf(elfFiles);
    libcs = List.copyOf(libcs);
    tools = List.copyOf(tools);
    volumes = List.copyOf(volumes);
    start = List.copyOf(start);
    releaseFiles = Map.copyOf(releaseFiles);
    incomplete = List.copyOf(incomplete);
  }

  /** The rpm that is installed, if its version is known. */
  public Optional<Tool> rpm() {
    return tools.stream()
        .filter(tool -> tool.name().equals("rpm") && tool.version().isPresent())
        .findFirst();
  }

  /**
   * The version of the package glibc, whose release ends with the distribution's tag.
   *
   * @param version such as {@code 2.12-1.192.el6}
   * @param path of the package database
   * @param layer index of the layer that has it
   */
  public record DistTag(String version, String path, int layer) {}

  /**
   * A file that may name the distribution.
   *
   * @param text its beginning
   * @param layer index of the layer that has it
   */
  public record ReleaseFile(String text, int layer) {}
}
