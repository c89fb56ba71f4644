package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A catalog of any size passes with a heap of 256 MB. Of how many tags it is,
 * -Dimgcompat.sweep.tags says: 1,000,000 take minutes, and so there are fewer by default.
 */
@Timeout(1800)
class MillionTagsTest {
  private static final long TAGS = Long.getLong("imgcompat.sweep.tags", 60_000);
  private static final int IMAGES = 2_000;

  @TempDir private Path directory;

  @Test
  void memoryDoesNotGrowWithTheCatalog() throws Exception {
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As much to spare as a million would have, if anything were held for each tag.
                "-Xmx" + (TAGS < 1_000_000 ? 64 : 256) + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.imgcompat.cli.MillionTags",
                directory.toString(),
                String.valueOf(TAGS),
                String.valueOf(IMAGES))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    assertThat(process.waitFor(25, TimeUnit.MINUTES)).isTrue();

    String said = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said)
        .contains("sweep 1: COMPLETE, " + TAGS + " tags, " + TAGS + " questions, ")
        .contains("sweep 2: COMPLETE, " + TAGS + " tags, " + 2 * TAGS + " questions, ");
    for (int sweep = 1; sweep <= 2; sweep++) {
      everyTagHasOneLine(directory.resolve("lines" + sweep));
      everyTagHasOneImage(directory.resolve("report" + sweep));
    }
  }

  private static void everyTagHasOneLine(Path lines) throws Exception {
    Set<Integer> seen = new HashSet<>();
    try (Stream<String> all = Files.lines(lines)) {
      all.filter(line -> line.startsWith("{\"type\":\"tag\",\"reference\":\""))
          .forEach(
              line -> {
                String reference = line.substring(27, line.indexOf('"', 27));
                assertThat(seen.add(number(reference))).as(reference).isTrue();
              });
    }
    assertThat(seen).hasSize((int) TAGS);
  }

  private static void everyTagHasOneImage(Path report) throws Exception {
    try (Stream<String> all = Files.lines(report)) {
      assertThat(all.filter(line -> line.contains("\"reference\" : \"registry.simulated")).count())
          .isEqualTo(TAGS);
    }
  }

  /** The number of a tag, of its reference. */
  private static int number(String reference) {
    int colon = reference.lastIndexOf(":v");
    return 40 * Integer.parseInt(reference.substring(colon - 7, colon))
        + Integer.parseInt(reference.substring(colon + 2));
  }
}
