package dev.imgcompat.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.testing.LayerBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real engine says and exports is what the docker command tells of it. */
class EngineClientIT {
  private static final String NAME = "imgcompat-test/engine-client:it";

  private final EngineFinder finder =
      new EngineFinder(System.getenv(), Path.of(System.getProperty("user.home")));

  @BeforeEach
  void anImageIsThere() throws Exception {
    assumeTrue(docker(new byte[0], "version").isPresent(), "no Docker engine");
    byte[] tar = new LayerBuilder().text("hello", "world").tar();
    Optional<String> id =
        docker(
            tar,
            "import",
            "--change",
            "ENTRYPOINT [\"/hello\"]",
            "--change",
            "CMD [\"a\", \"b\"]",
            "--change",
            "ENV A=b",
            "--change",
            "WORKDIR /w",
            "--change",
            "VOLUME /v",
            "-",
            NAME);
    assertThat(id).isPresent();
  }

  @AfterEach
  void theImageGoes() throws Exception {
    docker(new byte[0], "image", "rm", NAME);
  }

  @Test
  void inspectionAgreesWithDocker() throws Exception {
    try (EngineClient client = new HttpEngineClient(finder, "imgcompat/test")) {
      EngineImage image = client.inspect(NAME, Optional.empty());
      assertThat(image.id()).contains(Digest.of(told("{{.Id}}")));
      assertThat(image.platform()).hasToString(told("{{.Os}}/{{.Architecture}}"));
      assertThat(image.diffIds())
          .extracting(Digest::value)
          .containsExactly(told("{{index .RootFS.Layers 0}}"));
      assertThat(client.inspect(image.id().orElseThrow().value(), Optional.empty()))
          .isEqualTo(image);
    }
  }

  @Test
  void anExportHasTheFilesOfDockerSave() throws Exception {
    try (EngineClient client = new HttpEngineClient(finder, "imgcompat/test");
        InputStream export = client.export(NAME, Optional.empty())) {
      assertThat(names(export)).contains("manifest.json").isEqualTo(saved());
    }
  }

  @Test
  void anImageThatIsNotThereIsNotFound() {
    try (EngineClient client = new HttpEngineClient(finder, "imgcompat/test")) {
      assertThatThrownBy(() -> client.inspect("imgcompat-test/none:it", Optional.empty()))
          .isInstanceOf(ScanException.NotFound.class);
      assertThatThrownBy(() -> client.export("imgcompat-test/none:it", Optional.empty()))
          .isInstanceOf(ScanException.NotFound.class);
    }
  }

  private static Set<String> saved() throws Exception {
    Process save = new ProcessBuilder("docker", "save", NAME).start();
    try (InputStream tar = save.getInputStream()) {
      return names(tar);
    } finally {
      save.destroy();
    }
  }

  private static Set<String> names(InputStream tar) throws IOException {
    Set<String> names = new TreeSet<>();
    TarArchiveInputStream entries = new TarArchiveInputStream(tar);
    for (TarArchiveEntry entry = entries.getNextEntry();
        entry != null;
        entry = entries.getNextEntry()) {
      names.add(entry.getName());
    }
    return names;
  }

  private static String told(String format) throws Exception {
    return docker(new byte[0], "image", "inspect", "--format", format, NAME).orElseThrow();
  }

  /** What a docker command says; empty if there is none, or it fails. */
  private static Optional<String> docker(byte[] input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try (OutputStream out = process.getOutputStream()) {
      out.write(input);
    } catch (IOException e) {
      // It has ended already, and says why.
    }
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0
        ? Optional.of(said)
        : Optional.empty();
  }
}
