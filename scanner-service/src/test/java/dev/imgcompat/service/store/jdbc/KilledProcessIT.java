package dev.imgcompat.service.store.jdbc;

import static dev.imgcompat.service.store.jdbc.StoreSamples.NOON;
import static dev.imgcompat.service.store.jdbc.StoreSamples.key;
import static dev.imgcompat.service.store.jdbc.StoreSamples.scan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.service.settings.Settings.StoreSettings;
import dev.imgcompat.service.store.ScanRecord.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was committed is there after SIGKILL, and the store opens at once. */
@Timeout(300)
class KilledProcessIT {
  private static final int ROUNDS = Integer.getInteger("imgcompat.test.kills", 3);

  /** Writes without end, and prints the id of each scan once it is committed. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      JdbcStore store = open(Path.of(arguments[0]));
      for (int i = 0; ; i++) {
        String id = arguments[1] + "-" + i;
        Digest digest = Digest.ofText(id);
        store.images().put(StoreSamples.image(digest, "kata", Decision.EXCLUDED));
        store.facts().putDocument(digest, new byte[100_000]);
        store.scans().add(scan(id, key("docker.io/library/x:" + id), State.QUEUED, NOON));
        System.out.println(id);
        System.out.flush();
      }
    }
  }

  @TempDir Path directory;

  @Test
  void losesNothing() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      List<String> committed = writeAndKill("round" + round, 1 + 7 * round);

      try (JdbcStore store = open(directory)) {
        for (String id : committed) {
          assertThat(store.scans().scan(id)).as(id).isPresent();
          assertThat(store.images().image(Digest.ofText(id))).as(id).isPresent();
        }
      }
    }
  }

  private List<String> writeAndKill(String name, int lines)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.toString(),
                name)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> committed = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(name)) {
          committed.add(line);
        }
        if (committed.size() == lines) {
          process.toHandle().destroyForcibly(); // what it printed before is still read
        }
      }
    }
    process.waitFor();
    assertThat(committed).hasSizeGreaterThanOrEqualTo(lines);
    return committed;
  }

  private static JdbcStore open(Path directory) {
    return JdbcStore.open(
        new StoreSettings(directory, null, null, null, null, 2, Duration.ofSeconds(3)), directory);
  }
}
