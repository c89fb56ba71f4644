package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.registry.RegistrySettings.Retries;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;

class TriesTest {
  private static final Retries SETTINGS =
      new Retries(4, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(20));

  /** Draws the greatest number that may be drawn, or a share of it. */
  private record Drawing(double share) implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long nextLong(long bound) {
      return (long) ((bound - 1) * share);
    }
  }

  private static Tries tries(double share) {
    return new Tries(SETTINGS, Deadline.in(Duration.ofHours(1)), new Drawing(share));
  }

  private static TryLater later(int status, Duration retryAfter) {
    return new TryLater(status, Optional.ofNullable(retryAfter), "it answered status " + status);
  }

  private static List<Long> pauses(Tries tries, int count) {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tries.afterFailure(new EOFException()).ifPresent(d -> millis.add(d.toMillis()));
    }
    return millis;
  }

  @Test
  void boundsDoubleUpToTheLongest() {
    assertThat(pauses(tries(1), 4)).containsExactly(1000L, 2000L, 4000L, 5000L);
  }

  /** Full jitter: whoever failed together does not come back together. */
  @Test
  void pausesAreDrawnFromNothingToTheBound() {
    assertThat(pauses(tries(0), 4)).containsExactly(0L, 0L, 0L, 0L);
    assertThat(pauses(tries(0.25), 3)).containsExactly(250L, 500L, 1000L);
  }

  @Test
  void triesEnd() {
    Tries tries = tries(0);

    assertThat(pauses(tries, 9)).hasSize(4);
    assertThat(tries.toll()).startsWith(" (9 tries in ");
  }

  @Test
  void whatGoesOnCountsAnew() {
    Tries tries = tries(1);
    pauses(tries, 4);

    tries.startAnew();

    assertThat(pauses(tries, 9)).containsExactly(1000L, 2000L, 4000L, 5000L);
  }

  @Test
  void aRegistryIsLeftAloneForAsLongAsItWants() {
    Duration wanted = Duration.ofSeconds(7);

    assertThat(tries(0).afterFailure(later(429, wanted))).contains(wanted);
    assertThat(tries(1).afterFailure(later(503, wanted))).contains(wanted.plusSeconds(1));
    assertThat(tries(1).afterFailure(later(429, Duration.ofSeconds(21)))).isEmpty();
    assertThat(tries(1).afterFailure(later(429, null))).contains(Duration.ofSeconds(1));
  }

  @Test
  void nobodyWaitsBeyondTheDeadline() {
    Tries tries = new Tries(SETTINGS, Deadline.in(Duration.ofMillis(900)), new Drawing(1));

    assertThat(tries.afterFailure(new EOFException())).isEmpty();
  }

  @Test
  void whatWillNotPassIsNotTriedAgain() {
    assertThat(tries(0).afterFailure(new BadAnswer("nonsense"))).isEmpty();
    assertThat(tries(0).afterFailure(new SSLPeerUnverifiedException("another name"))).isEmpty();
    assertThat(tries(0).afterFailure(new UnknownHostException("x: Name or service not known")))
        .isEmpty();
    assertThat(
            tries(0)
                .afterFailure(new UnknownHostException("x: Temporary failure in name resolution")))
        .isPresent();
    assertThat(tries(0).afterFailure(new ConnectException("refused"))).isPresent();
  }
}
