package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A scan that would go on for long is told to end; in a process of its own, which ends. The signal
 * is SIGTERM: Java treats Ctrl-C's alike, but where tests run in the background that one is
 * ignored.
 */
@Timeout(120)
class InterruptTest {
  private static final int ENDED_BY_SIGTERM = 143;

  @TempDir private Path home;
  private final FaultyRegistry registry = new FaultyRegistry();

  @BeforeEach
  void serve() {
    LayoutBuilder layout = new LayoutBuilder();
    Digest image =
        layout.image(
            "it", new ImageSpec().layer(new LayerBuilder().program("bin/sh", ElfBuilder.x86_64())));
    registry.serve("team/it", "1", layout, image);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Process scan() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.imgcompat.cli.Main",
                "scan",
                "--cache-dir",
                home.resolve("cache").toString(),
                registry.name() + "/team/it:1"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("PATH", home + ":" + System.getenv("PATH"));
    builder.environment().remove("DOCKER_CONFIG");
    builder.environment().remove("REGISTRY_AUTH_FILE");
    return builder.start();
  }

  private void endsAtOnce(Process process) throws Exception {
    // The process itself would close its streams.
    process.toHandle().destroy();

    // The stalled registry would be waited for longer.
    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(err).isEqualTo("imgcompat: interrupted\n");
    assertThat(process.getInputStream().readAllBytes()).isEmpty();
    if (Files.exists(home.resolve("cache"))) {
      try (Stream<Path> files = Files.walk(home.resolve("cache"))) {
        assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
      }
    }
  }

  @Test
  void aRegistryThatDoesNotAnswerIsLeft() throws Exception {
    String manifest = FaultyRegistry.manifest("team/it", "1");
    registry.on(manifest).always(Faults.stall());
    Process process = scan();
    registry.awaitRequests(manifest, 1);

    endsAtOnce(process);
  }

  @Test
  void aProgramThatIsAskedForCredentialsIsEndedToo() throws Exception {
    Path pid = home.resolve("pid");
    Path helper = home.resolve("docker-credential-slow");
    Files.writeString(
        helper,
        "#!/bin/sh\necho $$ > " + pid + ".new\nmv " + pid + ".new " + pid + "\nexec sleep 600\n");
    assertThat(helper.toFile().setExecutable(true)).isTrue();
    Files.createDirectories(home.resolve(".docker"));
    Files.writeString(home.resolve(".docker/config.json"), "{\"credsStore\":\"slow\"}");
    registry.requireBasic("a", "b");
    Process process = scan();
    while (Files.notExists(pid) && process.isAlive()) {
      Thread.onSpinWait();
    }
    ProcessHandle program =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();

    endsAtOnce(process);

    program.onExit().get(30, TimeUnit.SECONDS);
  }
}
