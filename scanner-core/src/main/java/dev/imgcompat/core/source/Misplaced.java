package dev.imgcompat.core.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tells what a directory is that was named by the wrong transport. */
final class Misplaced {
  private static final String SKOPEO_DIR = "Directory Transport Version";
  private static final List<String> OF_A_ROOT = List.of("bin", "usr", "etc", "lib", "sbin");

  private Misplaced() {}

  /** What holds an image in another form, and how that is scanned; empty for anything else. */
  static Optional<String> image(Path directory) {
    if (Files.exists(directory.resolve("oci-layout"))
        && Files.exists(directory.resolve(OciLayout.INDEX))) {
      return Optional.of("is an OCI layout: write oci:" + directory + "[:TAG]");
    }
    if (begins(directory.resolve("version"), SKOPEO_DIR)) {
      return Optional.of(
          "is of skopeo's transport dir: skopeo copy dir:"
              + directory
              + " oci:DIR makes a layout of it, to be scanned as oci:DIR");
    }
    if (!isRoot(directory)
        && (Files.exists(directory.resolve(DockerArchive.MANIFEST))
            || Files.exists(directory.resolve("repositories")))) {
      return Optional.of(
          "is an unpacked archive of Docker: tar -C "
              + directory
              + " -c . | imgcompat scan docker-archive:-");
    }
    return Optional.empty();
  }

  /** Whether a directory looks like a root file system. */
  static boolean isRoot(Path directory) {
    return OF_A_ROOT.stream().anyMatch(name -> Files.isDirectory(directory.resolve(name)));
  }

  private static boolean begins(Path file, String text) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(text.length()), StandardCharsets.US_ASCII).equals(text);
    } catch (IOException e) {
      return false;
    }
  }
}
