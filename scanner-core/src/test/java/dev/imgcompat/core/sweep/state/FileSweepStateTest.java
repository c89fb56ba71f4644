package dev.imgcompat.core.sweep.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.FileSweepState.OpenRun;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSweepStateTest extends SweepStateContract {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path directory;
  private FileSweepState state;

  @BeforeEach
  void open() throws IOException {
    state = FileSweepState.open(file());
  }

  @AfterEach
  void close() {
    state.close();
  }

  private Path file() {
    return directory.resolve("deep/er/nightly.sweep");
  }

  @Override
  protected SweepState state() {
    return state;
  }

  private static TagRecord tag(String reference, Digest digest) {
    return new TagRecord(
        reference,
        1,
        NOW,
        Optional.of(digest),
        "basis",
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static ImageReport report(Digest digest) {
    return new ImageReport(
        "app",
        "registry.example/app",
        Optional.of(digest),
        Optional.empty(),
        Optional.empty(),
        Optional.of("linux/amd64"),
        "2026-03-01T12:00:00Z",
        Optional.empty(),
        List.of(new Verdict("kata", Decision.EXCLUDED, List.of(), List.of(), List.of())),
        List.of(),
        Optional.empty());
  }

  @Test
  void everythingIsThereAfterItWasClosedAndOpenedAgain() throws IOException {
    Digest digest = Digest.ofText("image");
    state.keep(tag("registry.example/app:1", digest), List.of(report(digest)));
    OpenRun run = state.begin("fingerprint", NOW);
    state.close();

    state = FileSweepState.open(file());

    assertThat(state.tag("registry.example/app:1")).isPresent();
    assertThat(state.report(digest)).contains(report(digest));
    assertThat(state.unfinished()).contains(run);
    assertThat(state.size()).hasValue(1);
  }

  @Test
  void runsAreCountedAndOneThatDidNotEndIsToldOf() {
    assertThat(state.unfinished()).isEmpty();
    assertThat(state.lastRun()).isEmpty();

    OpenRun first = state.begin("one", NOW);
    assertThat(first.run()).isEqualTo(1);
    state.end(1);
    OpenRun second = state.begin("two", NOW);
    OpenRun third = state.begin("three", NOW);

    assertThat(second.run()).isEqualTo(2);
    assertThat(third.run()).isEqualTo(3);
    assertThat(state.unfinished()).contains(third);
    assertThat(state.lastRun()).hasValue(1);
    assertThatThrownBy(() -> state.end(2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void imagesThatNoTagLeadsToAreForgottenWhenARunEnds() {
    Digest used = Digest.ofText("used");
    Digest unused = Digest.ofText("unused");
    state.begin("fingerprint", NOW);
    state.keep(tag("registry.example/app:1", unused), List.of(report(unused)));
    state.keep(tag("registry.example/app:1", used), List.of(report(used)));

    state.end(1);

    assertThat(state.report(used)).isPresent();
    assertThat(state.outcomes(used, "basis")).isPresent();
    assertThat(state.report(unused)).isEmpty();
    assertThat(state.outcomes(unused, "basis")).isEmpty();
  }

  @Test
  void oneProcessHasIt() {
    assertThatThrownBy(() -> FileSweepState.open(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is in use by another sweep");
  }

  @Test
  void whatIsNoStateIsLeftAlone() throws IOException {
    Path other = directory.resolve("other");
    Files.writeString(other, "something else\n".repeat(1_000));

    assertThatThrownBy(() -> FileSweepState.open(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("move it away to begin anew");
    assertThat(Files.readString(other, StandardCharsets.UTF_8)).startsWith("something else");
  }

  @Test
  void onlyTheOwnerMayReadIt() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void anInterruptedThreadDoesNotCloseIt() {
    Digest digest = Digest.ofText("image");
    Thread.currentThread().interrupt();
    try {
      state.keep(tag("registry.example/app:1", digest), List.of(report(digest)));
      state.flush();
      state.keep(tag("registry.example/app:2", digest), List.of());
      state.flush();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(state.tag("registry.example/app:1")).isPresent();
    assertThat(state.tag("registry.example/app:2")).isPresent();
  }
}
