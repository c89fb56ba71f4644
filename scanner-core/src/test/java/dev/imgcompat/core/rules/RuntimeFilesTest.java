package dev.imgcompat.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeFilesTest {
  private static final String YES = "[{label: all, available: true}]";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("my.yaml");
  }

  private static String runtime(String id, String more) {
    return "  - id: "
        + id
        + "\n    title: mine\n"
        + more
        + "    capabilities: {ia32: "
        + YES
        + ", x32: "
        + YES
        + ", aarch32: "
        + YES
        + ", vsyscall: "
        + YES
        + ", bounded-nofile: "
        + YES
        + "}\n    references: [https://example.com]\n";
  }

  private void write(String... runtimes) throws IOException {
    Files.writeString(file, "schemaVersion: 1\nruntimes:\n" + String.join("", runtimes));
  }

  @Test
  void theOnlyRuntimeOfAFileNeedsNoName() throws Exception {
    write(runtime("kata", ""));

    Target target = RuntimeFiles.target(file.toString());

    assertThat(target.name()).isEqualTo("kata");
    assertThat(target.span("ia32").available()).isTrue();
    assertThat(target.span("large-root").available()).isTrue();
  }

  @Test
  void oneOfSeveralIsChosen() throws Exception {
    write(runtime("one", ""), runtime("two", "    kernels: [{label: all, version: \"6.6\"}]\n"));

    assertThat(RuntimeFiles.target(file + "#two").kernel()).isEqualTo(Optional.of("6.6"));
    assertThat(RuntimeFiles.target(file + "#two:3.1").name()).isEqualTo("two:3.1");
    assertThatThrownBy(() -> RuntimeFiles.target(file.toString()))
        .isInstanceOf(RulePackException.class)
        .hasMessageContaining("several")
        .hasMessageContaining(file + "#one")
        .hasMessageContaining("one, two");
    assertThatThrownBy(() -> RuntimeFiles.target(file + "#three"))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("no runtime 'three'; known are one, two");
  }

  @Test
  void errorsNameFileLineAndReason() throws Exception {
    Files.writeString(file, "schemaVersion: 1\nruntimes:\n  - id: mine\n    title: mine\n");
    assertThatThrownBy(() -> RuntimeFiles.target(file.toString()))
        .isInstanceOf(RulePackException.class)
        .hasMessageContaining("my.yaml:3:")
        .hasMessageContaining("capabilities");

    write(runtime("mine", "").replace("bounded-nofile", "teleportation"));
    assertThatThrownBy(() -> RuntimeFiles.target(file.toString()))
        .hasMessageContaining("teleportation");

    Files.writeString(file, "schemaVersion: 1\nrules: []\n");
    assertThatThrownBy(() -> RuntimeFiles.target(file.toString()))
        .hasMessageContaining("my.yaml:1: holds no runtimes");

    Files.writeString(file, "schemaVersion: 1\nruntimes: []\n");
    assertThatThrownBy(() -> RuntimeFiles.target(file.toString()))
        .hasMessageContaining("holds no runtimes");
  }

  @Test
  void whatIsNoFileOfRuntimesIsRefused() throws Exception {
    assertThatThrownBy(() -> RuntimeFiles.target(directory.resolve("none").toString()))
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> RuntimeFiles.target("")).hasMessageContaining("no name");
    assertThatThrownBy(() -> RuntimeFiles.target("#kata")).hasMessageContaining("no name");
    assertThatThrownBy(() -> RuntimeFiles.target(directory.toString()))
        .isInstanceOf(RulePackException.class);

    Files.write(file, new byte[] {'a', (byte) 0xff, 'b'});
    assertThatThrownBy(() -> RuntimeFiles.target(file.toString()))
        .hasMessageContaining("not text in UTF-8");
    Files.write(file, new byte[(4 << 20) + 1]);
    assertThatThrownBy(() -> RuntimeFiles.target(file.toString()))
        .hasMessageContaining("larger than 4 MiB");
  }

  @Test
  void everyBuiltInProfileIsReadAsItWasWritten() throws Exception {
    RulePack pack = RulePack.builtIn();
    for (RuntimeProfile profile : pack.runtimes()) {
      Target target = pack.target(profile.id());

      Files.writeString(file, RuntimeFormat.yaml(target));
      assertThat(RuntimeFiles.target(file.toString())).as("YAML").isEqualTo(target);
      Files.writeString(file, RuntimeFormat.json(target));
      assertThat(RuntimeFiles.target(file.toString())).as("JSON").isEqualTo(target);
    }
  }

  @Test
  void aWrittenProfileAssumesTheVersionThatWasAskedFor() throws Exception {
    Files.writeString(file, RuntimeFormat.yaml(RulePack.builtIn().target("kata:3.25")));

    Target target = RuntimeFiles.target(file.toString());

    assertThat(target.kernel()).contains("6.18");
    assertThat(target.span("vsyscall").kernelParams()).isEmpty();
  }
}
