package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.sweep.SweepProgress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SweepStatusTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static SweepProgress progress(
      long listed,
      boolean listing,
      OptionalLong expected,
      long unchanged,
      long bytes,
      Map<String, String> waiting) {
    return new SweepProgress(
        Instant.EPOCH, listed, listing, expected, 5, unchanged, 1, 2, 3, 17, 90, bytes, waiting);
  }

  private static SweepProgress progress(long unchanged, long bytes) {
    return progress(10_011, false, OptionalLong.empty(), unchanged, bytes, Map.of());
  }

  @Test
  void itSaysHowFarItIsHowFastAndHowLongItWillTake() {
    SweepStatus status = new SweepStatus();
    status.lines(progress(0, 0), 0, 200);

    List<String> lines = status.lines(progress(1000, 30 << 20), 10 * SECOND, 200);

    assertThat(lines)
        .containsExactly(
            "1,011 of 10,011 tags (10%), 1 min 30 s left: 5 done before, 1,000 unchanged, 1 known,"
                + " 2 scanned, 3 failed",
            "17 layers pulled (30.0 MiB, 3.0 MiB/s), 90 known already");
  }

  @Test
  void onlyTheLastHalfMinuteTellsTheSpeed() {
    SweepStatus status = new SweepStatus();
    status.lines(progress(0, 0), 0, 200);
    status.lines(progress(9000, 0), SECOND, 200);
    status.lines(progress(9000, 0), 60 * SECOND, 200);

    assertThat(status.lines(progress(9100, 0), 70 * SECOND, 200).get(0))
        .contains("1 min 30 s left");
  }

  @Test
  void whileItIsListedTheSweepBeforeTellsHowMuchThereIs() {
    SweepStatus status = new SweepStatus();

    assertThat(
            status.lines(progress(20, true, OptionalLong.empty(), 0, 0, Map.of()), 0, 200).get(0))
        .startsWith("11 of at least 20 tags: ");
    assertThat(
            status.lines(progress(20, true, OptionalLong.of(1100), 0, 0, Map.of()), 0, 200).get(0))
        .startsWith("11 of about 1,100 tags (1%): ");
    assertThat(status.lines(progress(20, true, OptionalLong.of(10), 0, 0, Map.of()), 0, 200).get(0))
        .startsWith("11 of at least 20 tags: ");
  }

  @Test
  void itSaysWhatItWaitsFor() {
    SweepStatus status = new SweepStatus();
    Map<String, String> waiting =
        Map.of(
            "", "quiet hours until 18:00",
            "b.corp", "fails; left alone \u001b[2J",
            "c.corp", "slowed down",
            "d.corp", "slowed down");
    status.lines(progress(0, 0), 0, 200);

    List<String> lines =
        status.lines(progress(100, false, OptionalLong.empty(), 50, 0, waiting), SECOND, 200);

    assertThat(lines.get(0)).doesNotContain("left:");
    assertThat(lines.subList(2, lines.size()))
        .containsExactly(
            "quiet hours until 18:00",
            "b.corp: fails; left alone \\u001b[2J",
            "c.corp: slowed down",
            "and 1 more registries wait");
  }

  @Test
  void everyLineFitsTheTerminal() {
    for (int columns : new int[] {20, 40, 80}) {
      Map<String, String> waiting = Map.of("registry", "漢字".repeat(100));
      assertThat(
              new SweepStatus()
                  .lines(progress(100, false, OptionalLong.empty(), 50, 0, waiting), 0, columns))
          .allSatisfy(
              line ->
                  assertThat(line.codePoints().map(c -> c > 0x2fff ? 2 : 1).sum())
                      .isLessThan(columns));
    }
    assertThat(SweepStatus.fitted("abcdef", 7)).isEqualTo("abcdef");
    assertThat(SweepStatus.fitted("abcdef", 6)).isEqualTo("abcd…");
  }

  @Test
  void aTerminalIsLeftCleanAndALogHasNothingUntilAMinuteHasPassed() {
    StringWriter terminal = new StringWriter();
    SweepDisplay drawn = SweepDisplay.create(true, true, new PrintWriter(terminal), 80);
    drawn.show(() -> progress(100, 0));
    assertThat(drawn.lines(80)).hasSize(2);
    drawn.print(() -> terminal.write("a message\n"));
    drawn.finish();
    assertThat(terminal.toString()).contains("a message\n");

    StringWriter log = new StringWriter();
    try (SweepDisplay logged = SweepDisplay.create(true, false, new PrintWriter(log), 80)) {
      logged.show(() -> progress(100, 0));
      assertThat(logged.lines(80)).hasSize(2);
    }
    assertThat(log.toString()).isEmpty();
  }
}
