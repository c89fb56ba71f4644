package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.LayoutPusher;
import dev.imgcompat.core.testing.RealRegistry;
import dev.imgcompat.core.testing.SharedImages;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real images, swept in the distribution project's registry. */
@Timeout(300)
class SweepIT {
  /** What the README of the images says of them. */
  private static final Map<String, String> TRUTH =
      Map.of(
          "centos-6.8", "NEEDS_KERNEL_PARAMS",
          "debian-6", "NEEDS_KERNEL_PARAMS",
          "static-vsyscall", "NEEDS_KERNEL_PARAMS",
          "busybox-386", "EXCLUDED",
          "alpine-3.20", "COMPATIBLE");

  private static RealRegistry registry;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    registry = new RealRegistry();
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private Run sweep(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add(0, "sweep");
    return Run.of(
        directory.resolve("cache"),
        InputStream.nullInputStream(),
        false,
        Map.of("XDG_STATE_HOME", directory.resolve("state").toString()),
        all.toArray(new String[0]));
  }

  private static List<JsonNode> tags(List<String> lines) {
    return lines.stream()
        .map(JsonMapper.shared()::readTree)
        .filter(line -> line.path("type").asString().equals("tag"))
        .toList();
  }

  private static List<String> references(List<String> lines) {
    return tags(lines).stream().map(line -> line.path("reference").asString()).toList();
  }

  @Test
  void theRealImagesAreWhatTheirReadmeSays() throws Exception {
    Path layout = SharedImages.layout();
    for (String image : TRUTH.keySet()) {
      new LayoutPusher(layout, registry.name() + "/real/" + image).push(image, "1");
    }

    Run first = sweep("-o", "jsonl", "--registry", registry.name(), "--include", "real/*");

    assertThat(first.exit()).isEqualTo(3);
    Map<String, String> decisions = new TreeMap<>();
    tags(first.out().lines().toList())
        .forEach(
            tag ->
                decisions.put(
                    tag.path("reference")
                        .asString()
                        .replaceAll("^" + registry.name() + "/real/|:1$", ""),
                    tag.at("/decisions/kata").asString()));
    assertThat(decisions).isEqualTo(new TreeMap<>(TRUTH));

    long heads = registry.requests("HEAD", "/manifests/1");
    long manifests = registry.requests("GET", "/manifests/");
    long blobs = registry.requests("GET", "/blobs/");
    Run second = sweep("-o", "jsonl", "--registry", registry.name(), "--include", "real/*");

    assertThat(references(second.out().lines().toList())).hasSize(TRUTH.size());
    assertThat(registry.requests("HEAD", "/manifests/1")).isEqualTo(heads + TRUTH.size());
    assertThat(registry.requests("GET", "/manifests/")).isEqualTo(manifests);
    assertThat(registry.requests("GET", "/blobs/")).isEqualTo(blobs);
  }
}
