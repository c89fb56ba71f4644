package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.CountingRegistry;
import dev.imgcompat.core.testing.CountingRegistry.BlobGet;
import dev.imgcompat.core.testing.GeneratedImages;
import dev.imgcompat.core.testing.GeneratedImages.Tag;
import dev.imgcompat.core.testing.RealRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A company's registry, a real one, of 2,000 tags over 200 layers, some of them broken. */
@Timeout(600)
class GeneratedSweepIT {
  private static final GeneratedImages IMAGES = new GeneratedImages(11, 20, 2_000, 200);
  private static final int FOUND_WANTING = 4;

  private static RealRegistry registry;
  private static CountingRegistry counting;

  @TempDir private Path directory;

  @BeforeAll
  static void push() throws InterruptedException {
    registry = new RealRegistry();
    IMAGES.pushTo(registry.name());
    counting = new CountingRegistry(registry.name());
  }

  @AfterAll
  static void stop() {
    if (counting != null) {
      counting.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void countAnew() throws InterruptedException {
    counting.reset();
  }

  private Run sweep() {
    return Run.of(
        directory.resolve("cache"),
        InputStream.nullInputStream(),
        false,
        Map.of("XDG_STATE_HOME", directory.resolve("state").toString()),
        "sweep",
        "-o",
        "jsonl",
        "--concurrency",
        "16",
        "--registry",
        counting.name());
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

  private static List<String> all() {
    return IMAGES.tags().stream().map(tag -> tag.reference(counting.name())).toList();
  }

  /** What is said of each tag: its decision, and the kind of its failure. */
  private static Map<String, String> said(Run run) {
    Map<String, String> said = new TreeMap<>();
    for (JsonNode tag : tags(run.out().lines().toList())) {
      said.put(
          tag.path("reference").asString(),
          tag.at("/decisions/kata").asString() + " " + tag.at("/failure/kind").asString(""));
    }
    return said;
  }

  private static Map<String, String> expected() {
    Map<String, String> expected = new TreeMap<>();
    for (Tag tag : IMAGES.tags()) {
      expected.put(tag.reference(counting.name()), tag.decision() + " " + tag.failure().orElse(""));
    }
    return expected;
  }

  @Test
  void theFirstSweepPullsEachLayerOnceAndTheSecondAsksOneQuestionATag() throws Exception {
    Run first = sweep();

    assertThat(first.exit()).isEqualTo(FOUND_WANTING);
    assertThat(references(first.out().lines().toList())).hasSize(IMAGES.tags().size());
    assertThat(said(first)).isEqualTo(expected());
    Map<Digest, Long> pulled = counting.pulls();
    for (Digest layer : IMAGES.readable()) {
      assertThat(pulled).containsEntry(layer, 1L);
    }
    for (Digest layer : IMAGES.damaged()) {
      assertThat(pulled).containsEntry(layer, 1L);
    }
    everyTagWasAskedForOnce();
    counting.reset();

    Run second = sweep();

    assertThat(said(second)).isEqualTo(expected());
    everyTagWasAskedForOnce();
    assertThat(counting.blobGets())
        .extracting(BlobGet::digest)
        .allMatch(IMAGES.lost()::contains, "what was not there may be there by now");
    assertThat(counting.manifestGets().size())
        .isLessThanOrEqualTo(
            (int) IMAGES.tags().stream().filter(t -> t.failure().isPresent()).count());
  }

  private static void everyTagWasAskedForOnce() {
    assertThat(counting.manifestHeads())
        .hasSize(IMAGES.tags().size())
        .allSatisfy((tag, count) -> assertThat(count).as(tag).isEqualTo(1));
  }

  @Test
  void aSweepThatIsKilledInTheMiddleLosesAndDoublesNothing() throws Exception {
    Process killed = start();
    List<String> before = new ArrayList<>();
    try (BufferedReader lines = killed.inputReader(StandardCharsets.UTF_8)) {
      while (before.size() < IMAGES.tags().size() / 3) {
        before.add(lines.readLine());
      }
      killed.toHandle().destroyForcibly();
    }
    assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(killed.exitValue()).isEqualTo(137);
    assertThat(references(before)).doesNotHaveDuplicates().isSubsetOf(all());

    Process resumed = start();
    List<String> after = resumed.inputReader(StandardCharsets.UTF_8).lines().toList();

    assertThat(resumed.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(resumed.exitValue()).isEqualTo(FOUND_WANTING);
    assertThat(directory.resolve("err"))
        .content()
        .startsWith("imgcompat: resuming the sweep that was begun at 20")
        .hasLineCount(1);
    assertThat(references(after)).containsExactlyInAnyOrderElementsOf(all());
    JsonNode summary = JsonMapper.shared().readTree(after.get(after.size() - 1));
    assertThat(summary.path("run").asInt()).isEqualTo(1);
    assertThat(summary.path("end").asString()).isEqualTo("COMPLETE");
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.imgcompat.cli.Main",
                "sweep",
                "-o",
                "jsonl",
                "--concurrency",
                "16",
                "--registry",
                counting.name())
            .redirectError(directory.resolve("err").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("HOME", directory.toString());
    environment.put("XDG_STATE_HOME", directory.resolve("state").toString());
    environment.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    environment.remove("DOCKER_CONFIG");
    environment.remove("REGISTRY_AUTH_FILE");
    return builder.start();
  }
}
