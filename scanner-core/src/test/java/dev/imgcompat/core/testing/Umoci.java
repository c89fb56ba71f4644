package dev.imgcompat.core.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs {@code umoci unpack}, the reference for what the layers of an image give. */
public final class Umoci {
  private Umoci() {}

  /**
   * An image that was unpacked.
   *
   * @param rootfs its root file system
   * @param refusal why it could not be unpacked
   */
  public record Result(Path rootfs, Optional<String> refusal) {}

  /** Skips the test, and says why, where umoci is not installed. */
  public static void assumeInstalled() {
    boolean installed = false;
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      installed |= Files.isExecutable(Path.of(directory, "umoci"));
    }
    assumeTrue(installed, "umoci is not installed (Debian package umoci)");
  }

  /** Unpacks an image of a layout into a directory that does not exist yet. */
  public static Result unpack(Path layout, String tag, Path bundle) throws Exception {
    List<String> command = new ArrayList<>(List.of("umoci", "unpack"));
    if (!isRoot(layout)) {
      command.add("--rootless");
    }
    command.addAll(List.of("--image", layout + ":" + tag, bundle.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("umoci does not end");
    }
    return new Result(
        bundle.resolve("rootfs"),
        process.exitValue() == 0 ? Optional.empty() : Optional.of(said.strip()));
  }

  private static boolean isRoot(Path ours) throws IOException {
    return Integer.valueOf(0).equals(Files.getAttribute(ours, "unix:uid"));
  }
}
