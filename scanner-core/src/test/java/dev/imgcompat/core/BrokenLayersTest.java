package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.layer.ScanLimits;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.Samples;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokenLayersTest {
  private static final Duration AGE = Duration.ofHours(1);
  private static final byte[] DAMAGED = damaged();

  private final AtomicLong nanos = new AtomicLong();
  private final LayoutBuilder layout = new LayoutBuilder();
  private FakeRegistry registry;
  private Scanner scanner;

  private static byte[] damaged() {
    byte[] gzip = Samples.debian12().gzip();
    gzip[gzip.length / 2] ^= 0x55;
    return gzip;
  }

  @BeforeEach
  void open() {
    registry = new FakeRegistry();
    serve(registry, DAMAGED);
    scanner = remembering().build();
  }

  /** Four images in repositories of their own which have a layer in common. */
  private void serve(FakeRegistry where, byte[] layer) {
    for (int i = 0; i < 4; i++) {
      ImageSpec spec =
          new ImageSpec()
              .env("NUMBER=" + i)
              .layer(layer, "application/vnd.oci.image.layer.v1.tar+gzip");
      where.serve("r" + i, "1", layout, layout.image("1", spec));
    }
  }

  private ScannerBuilder remembering() {
    return Scanner.builder()
        .store(new MemoryFactStore(10 << 20))
        .rememberBroken(AGE)
        .ticker(nanos::get);
  }

  @AfterEach
  void close() {
    scanner.close();
    registry.close();
  }

  private ImageReport scan(FakeRegistry where, int number) throws InterruptedException {
    ScanRequest request =
        new ScanRequest(PlatformRequest.DEFAULT, List.of(scanner.rules().target("kata")), false);
    return scanner.scan(where.name() + "/r" + number + ":1", request, ScanListener.NONE).get(0);
  }

  private String failure(int number) throws InterruptedException {
    return scan(registry, number).error().orElseThrow().kind();
  }

  private static long pulls(FakeRegistry where, byte[] layer) {
    return where.requests().stream()
        .filter(r -> r.endsWith("/blobs/" + Bytes.digest(layer)))
        .count();
  }

  private long pulls() {
    return pulls(registry, DAMAGED);
  }

  @Test
  void aDamagedLayerIsPulledOnceForAllImages() throws Exception {
    ImageReport first = scan(registry, 0);
    ImageReport second = scan(registry, 1);

    assertThat(first.error().orElseThrow().kind()).isEqualTo("damaged");
    assertThat(second.error()).isEqualTo(first.error());
    assertThat(pulls()).isEqualTo(1);
  }

  @Test
  void soItIsWhereTheyAreScannedAtOnce() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<String> failures = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  failures.add(failure(number));
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(failures).containsExactly("damaged", "damaged", "damaged", "damaged");
    assertThat(pulls()).isEqualTo(1);
  }

  @Test
  void afterAWhileItIsTriedAgain() throws Exception {
    failure(0);
    nanos.addAndGet(AGE.toNanos() - 1);
    failure(1);
    assertThat(pulls()).isEqualTo(1);

    nanos.addAndGet(1);
    failure(2);

    assertThat(pulls()).isEqualTo(2);
  }

  @Test
  void byDefaultItIsPulledForEachImage() throws Exception {
    scanner.close();
    scanner = Scanner.builder().store(new MemoryFactStore(10 << 20)).build();

    failure(0);
    failure(1);

    assertThat(pulls()).isEqualTo(2);
  }

  @Test
  void whatOneRegistryHasSaysNothingOfAnother() throws Exception {
    try (FakeRegistry other = new FakeRegistry()) {
      serve(other, DAMAGED);

      scan(registry, 0);
      scan(other, 0);

      assertThat(pulls(other, DAMAGED)).isEqualTo(1);
    }
  }

  @Test
  void wrongBytesAndTooManyAreRememberedToo() throws Exception {
    byte[] layer = new LayerBuilder().file("f", 0644, new byte[5000]).gzip();
    serve(registry, layer);
    scanner.close();
    scanner = remembering().limits(new ScanLimits(4000, 10, 10, 1 << 30, 1 << 20, 100)).build();
    assertThat(failure(0)).isEqualTo("limit-exceeded");
    assertThat(failure(1)).isEqualTo("limit-exceeded");
    assertThat(pulls(registry, layer)).isEqualTo(1);

    byte[] another = Samples.buildTools().gzip();
    serve(registry, another);
    byte[] forged = another.clone();
    forged[forged.length - 1] ^= 1;
    for (int i = 0; i < 4; i++) {
      registry.answer(
          "/v2/r" + i + "/blobs/" + Bytes.digest(another),
          exchange -> FakeRegistry.send(exchange, 200, forged));
    }

    assertThat(failure(0)).isEqualTo("digest-mismatch");
    assertThat(failure(1)).isEqualTo("digest-mismatch");
    assertThat(pulls(registry, another)).isEqualTo(1);
  }

  /** It may be in the repository of the other image, or be there a moment later. */
  @Test
  void aLayerThatIsNotThereIsAskedForAgain() throws Exception {
    registry.answer(
        "/v2/r0/blobs/" + Bytes.digest(DAMAGED), FakeRegistry.status(404, "", Map.of()));

    assertThat(failure(0)).isEqualTo("not-found");
    assertThat(failure(0)).isEqualTo("not-found");
    assertThat(failure(1)).isEqualTo("damaged");

    assertThat(pulls()).isEqualTo(3);
  }
}
