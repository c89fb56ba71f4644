package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepFileTest {
  @TempDir private Path directory;

  private static SweepSummary summary(End end) {
    return new SweepSummary(
        "corp",
        1,
        Instant.EPOCH,
        Instant.EPOCH,
        end,
        new SweepProgress(
            Instant.EPOCH, 0, false, OptionalLong.empty(), 0, 0, 0, 0, 0, 0, 0, 0, Map.of()),
        "kata",
        Map.of(),
        0,
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        true);
  }

  private static SweepFile lines(Path file) throws UsageException {
    return SweepFile.open(file, writer -> new SweepLines(writer, false, List.of("kata")));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theFileIsThereWhenAllIsInIt() throws Exception {
    Path file = Files.writeString(directory.resolve("it"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (SweepFile lines = lines(file)) {
      lines.repository(new RepositoryTally("registry.corp/a", List.of("kata")));
      assertThat(file).hasContent("old");

      lines.end(summary(End.COMPLETE));
    }

    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(files()).containsExactly("it");
  }

  @Test
  void whatWasInterruptedLeavesTheOldFileAndNothingElse() throws Exception {
    Path file = Files.writeString(directory.resolve("it"), "old");
    try (SweepFile lines = lines(file)) {
      lines.repository(new RepositoryTally("registry.corp/a", List.of("kata")));
      lines.end(summary(End.CANCELLED));
    }

    assertThat(file).hasContent("old");
    assertThat(files()).containsExactly("it");
  }

  @Test
  void whatCannotBeWrittenIsSaidBeforeTheSweep() {
    assertThatThrownBy(() -> lines(directory.resolve("none/it")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("none/it: there is no such directory");
    assertThatThrownBy(() -> lines(directory))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("it is not a file");
  }
}
