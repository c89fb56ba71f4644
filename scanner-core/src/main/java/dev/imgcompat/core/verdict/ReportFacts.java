package dev.imgcompat.core.verdict;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.imgcompat.core.image.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The facts of an image, as the report shows them.
 *
 * @param distribution absent where no release file tells
 * @param libc absent where there is none
 * @param rpm absent where there is none
 * @param elf counts
 * @param start the programs that a build starts through
 * @param layers bottom first
 * @param elfFiles all of them, where the report was asked to list them
 */
public record ReportFacts(
    Optional<ReportDistribution> distribution,
    Optional<ReportLibc> libc,
    Optional<ReportRpm> rpm,
    ElfCounts elf,
    List<ReportStart> start,
    List<ReportLayer> layers,
    Optional<List<ReportElfFile>> elfFiles) {

  /** The distribution, and the file that tells. */
  public record ReportDistribution(
      String id, Optional<String> version, String family, String name, String source) {}

  /** The C library, and what told its version. */
  public record ReportLibc(
      String family,
      Optional<String> version,
      String path,
      Optional<String> machine,
      String source) {}

  /** The rpm, and what told its version. */
  public record ReportRpm(String version, String path, String source) {}

  /**
   * How many ELF files there are.
   *
   * @param files distinct files: hard links count once
   * @param class32 distinct executables and shared objects of class 32
   * @param class32Paths the paths that lead to these; symbolic links do not count
   * @param relocatable32 distinct relocatables of class 32
   * @param machines distinct files by machine
   * @param damaged files of which a part could not be read, with the reason; at most 20
   */
  public record ElfCounts(
      int files,
      int class32,
      int class32Paths,
      int relocatable32,
      Map<String, Integer> machines,
      List<DamagedElf> damaged) {}

  /** An ELF file of which a part could not be read. */
  public record DamagedElf(String path, String reason) {}

  /** A program that a build starts through. */
  public record ReportStart(
      String command,
      Optional<String> resolved,
      Optional<String> script,
      Optional<String> interpreter,
      Optional<String> libc) {}

  /** A layer, and whether its facts were known already. */
  public record ReportLayer(
      Optional<Digest> digest, Optional<Digest> diffId, long bytes, boolean fromCache) {}

  /** One ELF file. */
  public record ReportElfFile(
      List<String> paths,
      @JsonProperty("class") int elfClass,
      String machine,
      String type,
      String osAbi,
      Optional<String> abi,
      Optional<String> interpreter,
      Optional<String> soname,
      boolean executable,
      String scope,
      Optional<Digest> layer) {}
}
