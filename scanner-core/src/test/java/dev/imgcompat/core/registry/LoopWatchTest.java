package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopWatchTest {
  @Test
  void whatNeverComesAgainIsNoCircle() {
    LoopWatch<Integer> watch = new LoopWatch<>();
    for (int i = 0; i < 100_000; i++) {
      assertThat(watch.hasSeen(i)).isFalse();
    }
  }

  @Test
  void sameThingTwiceRunningIsNoticedAtOnce() {
    LoopWatch<String> watch = new LoopWatch<>();
    assertThat(watch.hasSeen("a")).isFalse();
    assertThat(watch.hasSeen("b")).isFalse();
    assertThat(watch.hasSeen("c")).isFalse();
    assertThat(watch.hasSeen("c")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0,1", "0,2", "3,2", "5,7", "100,3", "10,1000"})
  void circleIsNoticedInItsThirdRoundAtTheLatest(int before, int length) {
    LoopWatch<Integer> watch = new LoopWatch<>();
    int steps = 0;
    while (!watch.hasSeen(steps < before ? steps : before + (steps - before) % length)) {
      steps++;
      assertThat(steps).isLessThanOrEqualTo(3 * (before + length));
    }
    assertThat(steps).isGreaterThanOrEqualTo(before + length);
  }
}
