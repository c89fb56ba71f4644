package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The samples in the tree are what the builders make, byte for byte. After a change of the
 * builders, {@code ./mvnw -pl rules,scanner-core test -Dtest=SamplesTest -Dsamples.write=true
 * -Dsurefire.failIfNoSpecifiedTests=false} writes them anew; remove the old blobs first.
 */
class SamplesTest {
  private static final Path SAMPLES = Path.of("..", "samples");

  @Test
  void areWhatTheBuildersMake() throws IOException {
    if (Boolean.getBoolean("samples.write")) {
      Samples.layout().write(SAMPLES);
    }
    Map<String, byte[]> expected = Samples.layout().files();
    Map<String, byte[]> actual = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = SAMPLES.relativize(file).toString();
        if (!name.equals("README.md")) {
          actual.put(name, Files.readAllBytes(file));
        }
      }
    }

    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, bytes) -> assertThat(actual.get(name)).as(name).isEqualTo(bytes));
  }
}
