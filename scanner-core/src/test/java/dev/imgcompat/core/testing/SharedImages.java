package dev.imgcompat.core.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real images, which are not part of the project: tests that need them are skipped without. */
public final class SharedImages {
  private SharedImages() {}

  /** The layout beside the project, or the one that the environment names. */
  public static Path layout() {
    String named = System.getenv("IMGCOMPAT_REAL_IMAGES");
    Path layout = named != null ? Path.of(named) : Path.of("..", "..", "shared", "images");
    assumeTrue(
        Files.isRegularFile(layout.resolve("index.json")),
        "no real images: " + layout.toAbsolutePath().normalize() + " is not there");
    return layout;
  }
}
