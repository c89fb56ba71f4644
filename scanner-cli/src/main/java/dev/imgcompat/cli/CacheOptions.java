package dev.imgcompat.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where facts are kept between runs. */
final class CacheOptions {
  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "Where facts of layers are kept (default: $XDG_CACHE_HOME/imgcompat).")
  private @Nullable Path directory;

  /** The directory that was asked for, or else the one of the XDG base directory specification. */
  Path directory(Streams streams) throws UsageException {
    if (directory != null) {
      return directory;
    }
    try {
      String xdg = streams.environment().getOrDefault("XDG_CACHE_HOME", "");
      if (xdg.startsWith("/")) {
        return Path.of(xdg, "imgcompat");
      }
      return Homes.of(streams).resolve(".cache").resolve("imgcompat");
    } catch (InvalidPathException e) {
      throw new UsageException(
          "no cache directory can be made of the environment: use --cache-dir");
    }
  }
}
