package dev.imgcompat.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.RegistryListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepPacingTest {
  private static final String ONE = "one.example";

  private final SweepCase.SetClock clock = new SweepCase.SetClock(Instant.EPOCH);
  private final List<String> told = new ArrayList<>();
  private final SweepPacing pacing =
      new SweepPacing(
          SweepCase.pace(8),
          new RegistryListener() {
            @Override
            public void limited(String registry) {
              told.add("limited " + registry);
            }

            @Override
            public void waiting(String registry, String why, Duration pause) {
              told.add("waiting " + registry);
            }

            @Override
            public void warning(String what) {
              told.add("warning " + what);
            }
          },
          clock);

  @Test
  void halfAsManyAtATimeAfterStatus429AndMoreLater() {
    assertThat(pacing.most(ONE)).isEqualTo(8);

    pacing.limited(ONE);
    assertThat(pacing.most(ONE)).isEqualTo(4);
    assertThat(pacing.note(ONE)).hasValueSatisfying(n -> assertThat(n).contains("4 tags"));
    clock.advance(Duration.ofMinutes(2));
    assertThat(pacing.most(ONE)).isEqualTo(6);
    clock.advance(Duration.ofMinutes(5));
    assertThat(pacing.most(ONE)).isEqualTo(8);
    assertThat(pacing.note(ONE)).isEmpty();
  }

  @Test
  void answersToWhatWasAskedTogetherCountOnce() {
    for (int i = 0; i < 8; i++) {
      pacing.limited(ONE);
    }
    assertThat(pacing.most(ONE)).isEqualTo(4);

    clock.advance(Duration.ofSeconds(6));
    pacing.limited(ONE);
    assertThat(pacing.most(ONE)).isEqualTo(2);
  }

  @Test
  void oneAtATimeIsTheLeast() {
    for (int i = 0; i < 10; i++) {
      pacing.limited(ONE);
      clock.advance(Duration.ofSeconds(6));
    }
    assertThat(pacing.most(ONE)).isEqualTo(1);
  }

  @Test
  void otherRegistriesAreAskedAsBefore() {
    pacing.limited(ONE);

    assertThat(pacing.most("other.example")).isEqualTo(8);
  }

  @Test
  void whoeverElseListensIsTold() {
    pacing.limited(ONE);
    pacing.waiting(ONE, "it is busy", Duration.ZERO);
    pacing.warning("beware");

    assertThat(told).containsExactly("limited " + ONE, "waiting " + ONE, "warning beware");
  }
}
