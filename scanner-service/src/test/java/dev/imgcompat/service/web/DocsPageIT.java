package dev.imgcompat.service.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the page in a browser. */
class DocsPageIT {
  private static final Path BROWSER = Path.of("/usr/bin/chromium");

  @TempDir private Path directory;

  @Test
  void theBrowserShowsEveryOperationAndComplainsOfNothing() throws Exception {
    assumeTrue(Files.isExecutable(BROWSER), "no " + BROWSER);
    try (ApiServer server = ApiServer.with(Map.of())) {
      Path log = directory.resolve("log");
      String page = open("http://127.0.0.1:" + server.port() + "/docs", log);
      for (Specification.Operation operation : Specification.operations()) {
        String id = operation.node().get("operationId").stringValue();
        assertThat(page).contains("-" + id + "\"");
      }
      // What the policy of the page forbids is said on the console, as are errors of scripts.
      assertThat(Files.readString(log)).doesNotContain("CONSOLE");
    }
  }

  private String open(String address, Path log) throws IOException, InterruptedException {
    Path page = directory.resolve("page");
    Process browser =
        new ProcessBuilder(
                BROWSER.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + directory.resolve("profile"),
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--enable-logging=stderr",
                "--virtual-time-budget=20000",
                "--dump-dom",
                address)
            .redirectOutput(page.toFile())
            .redirectError(log.toFile())
            .start();
    assertThat(browser.waitFor()).isZero();
    return Files.readString(page, StandardCharsets.UTF_8);
  }
}
