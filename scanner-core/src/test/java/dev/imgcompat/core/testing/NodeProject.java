package dev.imgcompat.core.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The npm packages that exported files are tested with, as {@code src/test/node/package.json} lists
 * them. {@code ./test} installs them, and says where in {@value #VARIABLE}.
 */
public final class NodeProject {
  private static final String VARIABLE = "IMGCOMPAT_NODE";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Path directory;

  private NodeProject(Path directory) {
    this.directory = directory;
  }

  /** Skips the test, and says why, where the packages are not installed. */
  public static NodeProject assumeInstalled() {
    Optional<Path> directory = Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of);
    assumeTrue(
        directory.filter(d -> Files.isDirectory(d.resolve("node_modules"))).isPresent(),
        "no npm packages are installed: ./test does it");
    return new NodeProject(directory.orElseThrow());
  }

  /** A file of the project or of one of its packages. */
  public Path file(String path) {
    return directory.resolve(path);
  }

  /** Runs a script of the project; returns the JSON that it writes. Fails if it does. */
  public JsonNode run(String script, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", directory.resolve(script).toString()));
    command.addAll(List.of(args));
    return MAPPER.readTree(Tool.run(command.toArray(String[]::new)));
  }
}
