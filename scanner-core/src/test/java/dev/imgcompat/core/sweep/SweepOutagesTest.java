package dev.imgcompat.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.verdict.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Sweeps of registries that are down. */
class SweepOutagesTest extends SweepTestCase {
  @Test
  void aRegistryThatIsDownIsGivenUpAndOthersAreNot() throws Exception {
    sweep.images.down("down.example", true);
    for (int i = 0; i < 300; i++) {
      sweep.list("down.example/app:" + i);
    }
    three();

    SweepSummary summary = sweep.sweeper(1, pacing(), java.time.Clock.systemUTC()).run();

    assertThat(sweep.images.asked.stream().filter(r -> r.startsWith("down.")).count())
        .isLessThan(60);
    assertThat(summary.decisions())
        .containsEntry(Decision.UNKNOWN, 300L)
        .containsEntry(Decision.EXCLUDED, 1L);
    assertThat(tag("down.example/app:299").failure().orElseThrow().message())
        .contains("no more tags of it were asked for");
    assertThat(summary.mayShrink()).isFalse();
  }

  @Test
  void aRegistryThatIsDownIsNotAskedWhenEachTagWasMade() throws Exception {
    for (int i = 0; i < 500; i++) {
      sweep.list("down.example/app:" + i);
    }
    sweep.images.down("down.example", true);
    three();
    sweep.selection = newest(1);

    SweepSummary summary = sweep.sweeper(1, pacing(), java.time.Clock.systemUTC()).run();

    assertThat(sweep.images.asked.stream().filter(r -> r.startsWith("down.")).count())
        .isLessThan(60);
    assertThat(summary.end()).isEqualTo(SweepSummary.End.INCOMPLETE);
    assertThat(summary.unlisted())
        .extracting(SweepSummary.Unlisted::what)
        .containsExactly("repository down.example/app");
    assertThat(summary.decisions()).containsEntry(Decision.EXCLUDED, 1L);
  }

  @Test
  void theNewestOfARegistryThatComesBackAreLookedAt() throws Exception {
    sweep.patience = new Outages.Patience(Duration.ofMillis(1), 50);
    for (int i = 0; i < 300; i++) {
      String reference = "registry.example/app:" + i;
      sweep.images.tag(reference, "image " + i, Decision.COMPATIBLE);
      sweep.images.created(reference, Instant.EPOCH.plusSeconds(i));
      sweep.list(reference);
    }
    sweep.images.down("registry.example", true);
    AtomicInteger asked = new AtomicInteger();
    sweep.images.before =
        reference -> {
          if (asked.incrementAndGet() == 14) {
            sweep.images.down("registry.example", false);
          }
        };
    sweep.selection = newest(1);

    SweepSummary summary = sweep.sweeper(1, pacing(), java.time.Clock.systemUTC()).run();

    assertThat(summary.end()).isEqualTo(SweepSummary.End.COMPLETE);
    assertThat(tag("registry.example/app:299").run()).isEqualTo(1);
    // Those that did not tell count as well, and no others.
    assertThat(swept(1)).hasSizeLessThan(40);
  }

  @Test
  void aRegistryThatComesBackIsGoneOnWith() throws Exception {
    sweep.patience = new Outages.Patience(Duration.ofMillis(1), 50);
    for (int i = 0; i < 100; i++) {
      String reference = "registry.example/app:" + i;
      sweep.images.tag(reference, "image", Decision.COMPATIBLE);
      sweep.list(reference);
    }
    sweep.images.down("registry.example", true);
    AtomicInteger asked = new AtomicInteger();
    sweep.images.before =
        reference -> {
          if (asked.incrementAndGet() == 14) {
            sweep.images.down("registry.example", false);
          }
        };

    SweepSummary summary = sweep.sweeper(1, pacing(), java.time.Clock.systemUTC()).run();

    assertThat(summary.decisions().get(Decision.COMPATIBLE)).isGreaterThanOrEqualTo(70);
  }
}
