package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.Answers;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.Faults;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * A sweep is told to end, or is killed, while a registry does not answer about one tag; in a
 * process of its own. The next one goes on from there.
 */
@Timeout(120)
class SweepInterruptTest {
  private static final int TAGS = 30;
  private static final int STALLED = 15;
  private static final int ENDED_BY_SIGTERM = 143;
  private static final int ENDED_BY_SIGKILL = 137;

  @TempDir private Path home;
  private final FaultyRegistry registry = new FaultyRegistry();
  private final CountDownLatch gate = new CountDownLatch(1);

  @BeforeEach
  void serve() {
    for (int tag = 0; tag < TAGS; tag++) {
      LayoutBuilder layout = new LayoutBuilder();
      Digest image =
          layout.image(
              "it",
              new ImageSpec()
                  .layer(
                      new LayerBuilder()
                          .program("bin/sh", ElfBuilder.x86_64())
                          .text("etc/number", "" + tag)));
      registry.serve("team/it", "v" + tag, layout, image);
    }
    registry.on(manifest(STALLED)).then(Faults.holding(gate, Answers.ok()));
  }

  @AfterEach
  void stop() {
    gate.countDown();
    registry.close();
  }

  private static String manifest(int tag) {
    return FaultyRegistry.manifest("team/it", "v" + tag);
  }

  private List<String> references() {
    List<String> references = new ArrayList<>();
    for (int tag = 0; tag < TAGS; tag++) {
      references.add(registry.name() + "/team/it:v" + tag);
    }
    return references;
  }

  private Path file(String name) {
    return home.resolve(name);
  }

  private Process sweep(String name) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.imgcompat.cli.Main",
                "sweep",
                "-o",
                "jsonl",
                "--jsonl",
                file(name + ".file").toString(),
                "--concurrency",
                "4"));
    command.addAll(references());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(file(name + ".out").toFile())
            .redirectError(file(name + ".err").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("HOME", home.toString());
    environment.put("XDG_STATE_HOME", home.resolve("state").toString());
    environment.put("XDG_CACHE_HOME", home.resolve("cache").toString());
    environment.remove("DOCKER_CONFIG");
    environment.remove("REGISTRY_AUTH_FILE");
    return builder.start();
  }

  private String text(String name) throws IOException {
    return Files.readString(file(name), StandardCharsets.UTF_8);
  }

  private static List<String> tags(String lines) {
    return lines
        .lines()
        .map(JsonMapper.shared()::readTree)
        .filter(line -> line.path("type").asString().equals("tag"))
        .map(line -> line.path("reference").asString())
        .toList();
  }

  private static void end(Process process, int status) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(status);
  }

  /** All but one tag are asked for. */
  private Process sweepUntilItStalls() throws Exception {
    Process process = sweep("first");
    for (int tag = 0; tag < TAGS; tag++) {
      registry.awaitRequests(manifest(tag), 1);
    }
    return process;
  }

  private void nextOneGoesOn(boolean anyIsKept) throws Exception {
    gate.countDown();
    registry.forgetRequests();

    Process process = sweep("second");

    end(process, 0);
    assertThat(text("second.err"))
        .startsWith("imgcompat: resuming the sweep that was begun at 20")
        .hasLineCount(1);
    assertThat(tags(text("second.out"))).containsExactlyInAnyOrderElementsOf(references());
    assertThat(text("second.file")).isEqualTo(text("second.out"));
    long asked = references().stream().filter(r -> wasAsked(r)).count();
    assertThat(asked).isPositive();
    if (anyIsKept) {
      assertThat(asked).isLessThan(TAGS);
    }
  }

  private boolean wasAsked(String reference) {
    return !registry
        .requests(
            FaultyRegistry.manifest("team/it", reference.substring(reference.lastIndexOf(':') + 1)))
        .isEmpty();
  }

  @Test
  void aSweepThatIsToldToEndSaysHowToGoOnAndTheNextOneDoes() throws Exception {
    Process process = sweepUntilItStalls();

    process.toHandle().destroy();

    end(process, ENDED_BY_SIGTERM);
    assertThat(text("first.err"))
        .matches("imgcompat: interrupted after \\d+ tags; the same command goes on from there\n");
    assertThat(tags(text("first.out"))).doesNotHaveDuplicates();
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .noneMatch(f -> f.startsWith("first.file") || f.endsWith(".tmp"));
    }
    nextOneGoesOn(true);
  }

  @Test
  void aSweepThatIsKilledLosesAndDoublesNothing() throws Exception {
    Process process = sweepUntilItStalls();

    process.toHandle().destroyForcibly();

    end(process, ENDED_BY_SIGKILL);
    // What was found in the last second may not have been kept.
    nextOneGoesOn(false);
  }
}
