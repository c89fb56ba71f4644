package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code skopeo}, the reference for which image a reference leads to. */
final class Skopeo {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final String image;
  private final List<String> platform = new ArrayList<>();
  private final Path work;

  /**
   * Creates one.
   *
   * @param image in a registry on the loopback interface
   * @param wanted platform
   * @param work a directory for what it writes
   */
  Skopeo(String image, String wanted, Path work) {
    this.image = "docker://" + image;
    this.work = work;
    String[] parts = wanted.split("/", -1);
    platform.addAll(List.of("--override-os", parts[0], "--override-arch", parts[1]));
    if (parts.length > 2) {
      platform.addAll(List.of("--override-variant", parts[2]));
    }
  }

  /** What it tells of the image for the platform; empty where there is none. */
  Optional<JsonNode> inspect(String... more) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(platform);
    command.addAll(List.of("inspect", "--tls-verify=false", "--no-tags"));
    command.addAll(List.of(more));
    command.add(image);
    return run(command).map(MAPPER::readTree);
  }

  /** The digest of the manifest for the platform, as it copies it. */
  String digest() throws IOException, InterruptedException {
    Path copy = Files.createTempDirectory(work, "copy");
    List<String> command = new ArrayList<>(platform);
    command.addAll(List.of("--insecure-policy", "copy", "--src-tls-verify=false", "--quiet"));
    command.addAll(List.of(image, "dir:" + copy));
    assertThat(run(command)).as("copy of " + image).isPresent();
    return manifestDigest(copy.resolve("manifest.json"));
  }

  /** The digest that it finds for the manifest in a file. */
  String manifestDigest(Path manifest) throws IOException, InterruptedException {
    return run(List.of("manifest-digest", manifest.toString())).orElseThrow().strip();
  }

  /** What it wrote; empty where it failed. */
  private Optional<String> run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo"));
    command.addAll(arguments);
    Path out = Files.createTempFile(work, "skopeo", ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(work.resolve("skopeo.err").toFile())
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("skopeo does not end");
    }
    return process.exitValue() == 0 ? Optional.of(Files.readString(out)) : Optional.empty();
  }
}
