package dev.imgcompat.core.image;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an image's config says of how it starts.
 *
 * @param platform for which its author says it is; the files may disagree
 * @param env {@code NAME=value}
 * @param entrypoint empty where there is none
 * @param cmd empty where there is none
 * @param workingDir absent where there is none
 * @param volumes the directories that the runtime mounts a volume over
 * @param diffIds of the uncompressed layers, bottom first
 * @param created when the image was made; absent where its author does not say, or nothing likely
 */
public record ImageConfig(
    Platform platform,
    List<String> env,
    List<String> entrypoint,
    List<String> cmd,
    Optional<String> workingDir,
    List<String> volumes,
    List<Digest> diffIds,
    Optional<Instant> created) {
  /** What a runtime searches when the config sets no PATH. */
  public static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** More directories are not searched, and longer ones are none. */
  private static final int MAX_DIRECTORIES = 256;

  private static final int MAX_PATH = 4096;

  public ImageConfig {
    workingDir = workingDir.filter(d -> d.length() <= MAX_PATH);
    env = List.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    cmd = List.copyOf(cmd);
    volumes = List.copyOf(volumes);
    diffIds = List.copyOf(diffIds);
  }

  /** A config that says nothing but the platform, as for an unpacked root file system. */
  public static ImageConfig bare(Platform platform) {
    return new ImageConfig(
        platform,
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /** The directories of the PATH that the container starts with, in order. */
  public List<String> path() {
    String path = variable("PATH").orElse(DEFAULT_PATH);
    return Stream.of(path.split(":", MAX_DIRECTORIES))
        .filter(d -> d.startsWith("/") && d.length() <= MAX_PATH)
        .toList();
  }

  /** The value of a variable of the environment; of two of one name the last counts. */
  public Optional<String> variable(String name) {
    return env.stream()
        .filter(e -> e.startsWith(name + "="))
        .reduce((first, last) -> last)
        .map(e -> e.substring(name.length() + 1));
  }

  /** Entrypoint and cmd, one after the other, as the runtime joins them. */
  public List<String> startCommand() {
    return Stream.concat(entrypoint.stream(), cmd.stream()).toList();
  }
}
