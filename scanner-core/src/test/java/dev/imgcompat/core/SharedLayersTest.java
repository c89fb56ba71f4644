package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two scanners, one of which is in a hurry and must not wait for the other. */
@Timeout(60)
class SharedLayersTest {
  private static final byte[] FIRST = new LayerBuilder().text("first", "1").tar();
  private static final byte[] SECOND = new LayerBuilder().text("second", "2").tar();
  private static final String TYPE = "application/vnd.oci.image.layer.v1.tar";

  private final FactStore store = new MemoryFactStore(10 << 20);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);
  private FakeRegistry registry;
  private Scanner hurried;
  private Scanner patient;

  @BeforeEach
  void open() {
    registry = new FakeRegistry();
    LayoutBuilder layout = new LayoutBuilder();
    ImageSpec both = new ImageSpec().layer(FIRST, TYPE).layer(SECOND, TYPE);
    registry.serve("both", "1", layout, layout.image("1", both));
    ImageSpec one = new ImageSpec().layer(FIRST, TYPE);
    registry.serve("first", "1", layout, layout.image("1", one));
    ImageSpec other = new ImageSpec().layer(SECOND, TYPE);
    registry.serve("second", "1", layout, layout.image("1", other));
    hurried = Scanner.builder().store(store).build();
    patient = Scanner.builder().store(store).layersAtOnce(1).sharing(hurried).build();
  }

  @AfterEach
  void close() {
    answer.countDown();
    patient.close();
    hurried.close();
    registry.close();
  }

  private static String path(String repository, byte[] layer) {
    return "/v2/" + repository + "/blobs/" + Bytes.digest(layer);
  }

  /** The first request for a layer is answered when the test wants it to be, and how. */
  private void hold(String repository, byte[] layer, FakeRegistry.Answer then) {
    AtomicInteger requests = new AtomicInteger();
    registry.answer(
        path(repository, layer),
        exchange -> {
          if (requests.getAndIncrement() > 0) {
            registry.ok(exchange);
            return;
          }
          asked.countDown();
          try {
            answer.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          then.to(exchange);
        });
  }

  private FutureTask<ImageReport> begin(Scanner scanner, String repository) {
    FutureTask<ImageReport> task =
        new FutureTask<>(
            () -> {
              ScanRequest request =
                  new ScanRequest(
                      PlatformRequest.DEFAULT, List.of(scanner.rules().target("kata")), false);
              return scanner
                  .scan(registry.name() + "/" + repository + ":1", request, ScanListener.NONE)
                  .get(0);
            });
    return task;
  }

  private static Thread start(FutureTask<ImageReport> task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private long requestsFor(byte[] layer) {
    return registry.requests().stream()
        .filter(r -> r.endsWith(Bytes.digest(layer).value()))
        .count();
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatTheOtherIsReadingIsWaitedFor() throws Exception {
    hold("first", FIRST, registry::ok);
    FutureTask<ImageReport> theirs = begin(hurried, "first");
    start(theirs);
    asked.await();
    FutureTask<ImageReport> ours = begin(patient, "both");
    Thread thread = start(ours);
    awaitWaiting(thread);
    answer.countDown();

    assertThat(ours.get().error()).isEmpty();
    assertThat(theirs.get().error()).isEmpty();
    assertThat(requestsFor(FIRST)).isEqualTo(1);
    assertThat(ours.get().facts().orElseThrow().layers().get(0).fromCache()).isTrue();
  }

  @Test
  void whatTheOtherFailsToReadIsRead() throws Exception {
    hold("first", FIRST, FakeRegistry.status(404, "", Map.of()));
    FutureTask<ImageReport> theirs = begin(hurried, "first");
    start(theirs);
    asked.await();
    FutureTask<ImageReport> ours = begin(patient, "both");
    Thread thread = start(ours);
    awaitWaiting(thread);
    answer.countDown();

    assertThat(theirs.get().error().orElseThrow().kind()).isEqualTo("not-found");
    assertThat(ours.get().error()).isEmpty();
  }

  @Test
  void theOtherNeverWaitsForUs() throws Exception {
    hold("both", FIRST, registry::ok);
    FutureTask<ImageReport> ours = begin(patient, "both");
    start(ours);
    asked.await();

    FutureTask<ImageReport> theirs = begin(hurried, "both");
    theirs.run();

    assertThat(theirs.get().error()).isEmpty();
    assertThat(ours.isDone()).isFalse();
    answer.countDown();
    assertThat(ours.get().error()).isEmpty();
  }

  @Test
  void whatTheOtherReadWhileItHadToWaitForAThreadIsNotReadAgain() throws Exception {
    hold("both", FIRST, registry::ok);
    FutureTask<ImageReport> ours = begin(patient, "both");
    start(ours);
    asked.await();
    FutureTask<ImageReport> theirs = begin(hurried, "second");
    theirs.run();
    assertThat(theirs.get().error()).isEmpty();

    answer.countDown();

    assertThat(ours.get().error()).isEmpty();
    assertThat(requestsFor(SECOND)).isEqualTo(1);
  }

  /** By then the layers before it were asked for, or are waited for. */
  private void awaitRequestFor(byte[] layer) {
    while (requestsFor(layer) == 0) {
      Thread.onSpinWait();
    }
  }

  /** One more that takes turns with others of the same table. */
  private Scanner turn(LayersUnderWay table) {
    return Scanner.builder().store(store).layersAtOnce(1).sharing(hurried).together(table).build();
  }

  @Test
  void scannersOfOneTableReadALayerOnceWhicheverBegins() throws Exception {
    LayersUnderWay table = new LayersUnderWay();
    hold("first", FIRST, registry::ok);
    try (Scanner one = turn(table);
        Scanner other = turn(table)) {
      FutureTask<ImageReport> theirs = begin(one, "first");
      start(theirs);
      asked.await();
      FutureTask<ImageReport> ours = begin(other, "both");
      start(ours);
      awaitRequestFor(SECOND);
      answer.countDown();

      assertThat(ours.get().error()).isEmpty();
      assertThat(theirs.get().error()).isEmpty();
    }
    assertThat(requestsFor(FIRST)).isEqualTo(1);
    assertThat(requestsFor(SECOND)).isEqualTo(1);
  }

  @Test
  void aLayerThatAClosedScannerLeftIsReadByWhoeverWaits() throws Exception {
    LayersUnderWay table = new LayersUnderWay();
    hold("first", FIRST, registry::ok);
    try (Scanner other = turn(table)) {
      Scanner one = turn(table);
      start(begin(one, "first"));
      asked.await();
      FutureTask<ImageReport> ours = begin(other, "both");
      start(ours);
      awaitRequestFor(SECOND);

      one.close();

      assertThat(ours.get().error()).isEmpty();
    }
    assertThat(requestsFor(FIRST)).isEqualTo(2);
  }
}
