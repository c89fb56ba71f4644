package dev.imgcompat.service.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.service.observe.Metrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepWatchesTest {
  private static final TagRecord TAG =
      new TagRecord(
          "r.example/app:1",
          1,
          Instant.EPOCH,
          Optional.empty(),
          "basis",
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SweepWatches watches = new SweepWatches(List.of("nightly"));

  private void sweep(String plan) {
    watches.begun(plan);
    watches.done(plan, TAG);
  }

  @Test
  void plansOfRequestsAreCountedAsOne() {
    watches.add(new Metrics(meters));
    sweep("nightly");
    for (int i = 0; i < 50; i++) {
      sweep("posted-" + i);
    }
    watches.ended("posted-0");

    assertThat(
            meters.getMeters().stream()
                .map(Meter::getId)
                .map(id -> id.getTag("plan"))
                .filter(plan -> plan != null)
                .distinct())
        .containsExactlyInAnyOrder("nightly", "request");
    assertThat(meters.get("imgcompat.sweeps.running").tag("plan", "request").gauge().value())
        .isEqualTo(49);
    assertThat(meters.get("imgcompat.sweep.tags").tag("plan", "request").counter().count())
        .isEqualTo(50);
  }
}
