package dev.imgcompat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.testing.Tool;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With the embedded store. */
class EmbeddedServiceIT extends BuildStartScenario {
  private static final Path CLI = Path.of("..", "scanner-cli", "target", "imgcompat.jar");

  @Override
  Map<String, String> store() {
    return Map.of();
  }

  @ParameterizedTest
  @EnumSource(ExportFormat.class)
  void listsAreWhatTheCommandLineWrites(ExportFormat format, @TempDir Path files) throws Exception {
    assumeTrue(Files.exists(CLI), "the command line's jar is not built");
    String repository = pushed();
    for (String tag : List.of("clean", "32-bit", "old-glibc")) {
      awaitDecision(repository + ":" + tag);
    }
    await()
        .atMost(SOON)
        .until(
            () -> service().get("/v1/report").body(), r -> r.contains(repository + ":old-glibc"));
    HttpResponse<String> report = service().get("/v1/report");
    HttpResponse<String> list =
        service().get("/v1/exclusions?runtime=kata:3.19&format=" + format.id());
    assertThat(list.headers().firstValue("Imgcompat-Revision"))
        .isEqualTo(report.headers().firstValue("Imgcompat-Revision"));
    Path file = files.resolve("report.json");
    Files.writeString(file, report.body());
    assertThat(list.statusCode()).as(list.body()).isEqualTo(200);
    assertThat(list.body().getBytes(StandardCharsets.UTF_8))
        .isEqualTo(
            Tool.run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                CLI.toString(),
                "export",
                format.id(),
                "--runtime",
                "kata:3.19",
                file.toString()));
  }
}
