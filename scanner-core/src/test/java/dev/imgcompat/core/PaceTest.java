package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.registry.RegistrySettings.Pace;
import dev.imgcompat.core.registry.RegistrySettings.Rate;
import dev.imgcompat.core.sweep.plan.SweepPace;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static Pace pace(int connections, int count, Duration per, long bytes) {
    return new Pace(connections, Optional.of(new Rate(count, per)), OptionalLong.of(bytes));
  }

  @Test
  void ofTwoPacesTheSlowerHoldsInEachRespect() {
    Pace one = pace(8, 100, Duration.ofMinutes(1), 1000);
    Pace other = pace(4, 2, Duration.ofSeconds(1), 5000);

    assertThat(one.atMost(other)).isEqualTo(pace(4, 100, Duration.ofMinutes(1), 1000));
    assertThat(other.atMost(one)).isEqualTo(one.atMost(other));
  }

  @Test
  void whatOneLeavesOpenTheOtherSays() {
    Pace open = new Pace(8, Optional.empty(), OptionalLong.empty());
    Pace bounded = pace(9, 1, Duration.ofSeconds(1), 1000);

    assertThat(open.atMost(bounded)).isEqualTo(pace(8, 1, Duration.ofSeconds(1), 1000));
    assertThat(open.atMost(open)).isEqualTo(open);
  }

  @Test
  void noMoreConnectionsAreUsedThanThePaceSays() throws Exception {
    LayoutBuilder layout = new LayoutBuilder();
    ImageSpec spec = new ImageSpec();
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (FakeRegistry registry = new FakeRegistry();
        Scanner scanner =
            Scanner.builder()
                .layersAtOnce(8)
                .pace(new SweepPace(1, Optional.empty(), OptionalLong.empty()))
                .build()) {
      for (int i = 0; i < 16; i++) {
        byte[] layer = new LayerBuilder().text("number", "" + i).tar();
        spec.layer(layer, "application/vnd.oci.image.layer.v1.tar");
        registry.answer(
            "/v2/it/blobs/" + layout.blob(layer),
            exchange -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              for (int turn = 0; turn < 100_000 && now.get() < 2; turn++) {
                Thread.onSpinWait(); // for whoever comes at the same time
              }
              // Another request may come as soon as the client has the body.
              now.decrementAndGet();
              registry.ok(exchange);
            });
      }
      registry.serve("it", "1", layout, layout.image("1", spec));
      ScanRequest request =
          new ScanRequest(PlatformRequest.DEFAULT, List.of(scanner.rules().target("kata")), false);

      assertThat(scanner.scan(registry.name() + "/it:1", request, ScanListener.NONE).get(0).error())
          .isEmpty();

      assertThat(most).hasValue(1);
    }
  }
}
