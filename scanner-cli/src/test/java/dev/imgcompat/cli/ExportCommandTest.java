package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir private Path directory;
  private String old;
  private String bits;
  private String report;

  @BeforeEach
  void scan() {
    Path layout = Samples.layout().write(directory.resolve("layout"));
    old = "oci:" + layout + ":old-glibc";
    bits = "oci:" + layout + ":32-bit";
    report =
        Run.of(
                directory,
                "scan",
                "-o",
                "json",
                old,
                bits,
                "oci:" + layout + ":clean",
                "oci:" + layout + ":none")
            .out();
  }

  private Run export(String... args) {
    return Run.of(directory, report, false, args);
  }

  @Test
  void exclusionsComeFromStandardInput() {
    Run run = export("export", "exclusions");

    assertThat(run.exit()).isZero();
    assertThat(run.out().lines().filter(l -> !l.startsWith("#")))
        .containsExactly(bits, bits.replace("32-bit", "none"), old);
    assertThat(run.out())
        .contains("# 4 images: 1 COMPATIBLE, 1 NEEDS_KERNEL_PARAMS, 1 EXCLUDED, 1 UNKNOWN");
  }

  @Test
  void aReportMayComeThroughAPipe() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<Path> writer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.writeString(pipe, report);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    Run run = export("export", "exclusions", pipe.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains(bits);
    assertThat(writer.get()).isEqualTo(pipe);
  }

  @Test
  void exclusionsFollowTheirOptions() {
    assertThat(
            export("export", "exclusions", "--unknown", "allow", "--guest-has-params")
                .out()
                .lines()
                .filter(l -> !l.startsWith("#")))
        .containsExactly(bits);
  }

  @Test
  void kernelParametersComeFromFiles() throws IOException {
    Path file = Files.writeString(directory.resolve("report.json"), report);
    Run text = Run.of(directory, "export", "kernel-params", file.toString());
    Run json =
        Run.of(
            directory, "export", "kernel-params", "-o", "json", "--with-advice", file.toString());

    assertThat(text.out().lines().filter(l -> !l.startsWith("#")))
        .containsExactly(old + "\tvsyscall=emulate");
    assertThat(json.json().path("sets").path(0).path("kernelParams"))
        .extracting(p -> p.asString())
        .containsExactly("init=/usr/bin/kata-agent", "vsyscall=emulate");
    assertThat(json.json().path("sets").path(0).path("images").path(0).path("reference").asString())
        .isEqualTo(old);
  }

  @Test
  void theListsSayTheSameForTheSameInput() {
    assertThat(export("export", "exclusions", "-o", "json").out())
        .isEqualTo(export("export", "exclusions", "-o", "json").out());
  }

  @Test
  void whatIsNoReportIsRefused() {
    for (String input :
        new String[] {
          "",
          "no json",
          "{}",
          "[]",
          "{\"schemaVersion\":2,\"images\":[]}",
          "{\"schemaVersion\":1,\"images\":[]}",
          "{\"schemaVersion\":1,\"images\":[{\"verdicts\":3}]}"
        }) {
      Run run = Run.of(directory, input, false, "export", "exclusions");
      assertThat(run.exit()).as(input).isEqualTo(2);
      assertThat(run.err().lines()).as(input).hasSize(1);
      assertThat(run.out()).as(input).isEmpty();
    }
  }
}
