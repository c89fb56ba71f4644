package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.bytesFromTheStart;
import static dev.imgcompat.core.testing.Answers.contentRange;
import static dev.imgcompat.core.testing.Answers.flipped;
import static dev.imgcompat.core.testing.Answers.ignoringRange;
import static dev.imgcompat.core.testing.Answers.rangeNotSatisfiable;
import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.status;
import static dev.imgcompat.core.testing.Faults.closeAfter;
import static dev.imgcompat.core.testing.Faults.holding;
import static dev.imgcompat.core.testing.Faults.resetAfter;
import static dev.imgcompat.core.testing.Faults.stallAfter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.testing.Behaviour;
import dev.imgcompat.core.testing.Exchange.Framing;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers whose transfer breaks off, and goes on. The scanner verifies the digest of the whole. */
@Timeout(120)
class ResumedBlobTest {
  private static final int SOME = 1_500_000;

  private final Pulling pulling = new Pulling();
  private final FaultyRegistry registry = pulling.into(new FaultyRegistry());
  private final SettingsBuilder settings = new SettingsBuilder();

  @AfterEach
  void stop() {
    registry.releaseStalls();
    registry.close();
  }

  private void endsWell() {
    ImageReport report = pulling.scan(registry, settings);
    assertThat(report.error()).isEmpty();
    assertThat(report.facts().orElseThrow().layers().get(0).bytes()).isEqualTo(pulling.layerSize());
  }

  /** The ranges that were asked for; a dash for the whole. */
  private List<String> ranges() {
    return registry.requests(pulling.layerPath()).stream()
        .map(RecordedRequest::range)
        .map(range -> range.orElse("-"))
        .toList();
  }

  static Stream<Named<Behaviour>> breaks() {
    return Stream.of(
        Named.of("end of the stream", closeAfter(SOME)),
        Named.of("end in chunks", closeAfter(SOME, Framing.CHUNKED)),
        Named.of("end of what has no length", closeAfter(SOME, Framing.UNDELIMITED)),
        Named.of("silence", stallAfter(SOME)));
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void theRestIsAskedFor(Behaviour broken) {
    settings.stall(Duration.ofMillis(1500));
    registry.on(pulling.layerPath()).then(broken);

    endsWell();

    assertThat(ranges()).containsExactly("-", "bytes=" + SOME + "-");
  }

  @Test
  void theRestIsAskedForAfterAResetToo() {
    registry.on(pulling.layerPath()).then(resetAfter(SOME));

    endsWell();

    assertThat(ranges()).hasSize(2).last().asString().matches("bytes=\\d+-");
  }

  @Test
  void itMayBreakMoreOftenThanItMayFailAsLongAsItGoesOn() {
    settings.retries(1);
    registry.on(pulling.layerPath()).times(2, closeAfter(1 << 20));

    endsWell();

    assertThat(ranges()).containsExactly("-", "bytes=1048576-", "bytes=2097152-");
  }

  @Test
  void itMayNotBreakForEver() {
    registry.on(pulling.layerPath()).always(closeAfter(100));

    ScanError error = Pulling.failure(pulling.scan(registry, settings));

    assertThat(error.kind()).isEqualTo("registry-unavailable");
    assertThat(error.message())
        .contains(
            "layer " + pulling.layer() + " beyond the first 400 of " + pulling.layerSize(),
            "the connection ended early",
            "4 tries");
  }

  @Test
  void failuresInBetweenAreTriedAgainToo() {
    registry.on(pulling.layerPath()).then(closeAfter(SOME)).times(2, status(503));

    endsWell();

    assertThat(ranges()).containsExactly("-", "bytes=1500000-", "bytes=1500000-", "bytes=1500000-");
  }

  @Test
  void aRegistryThatKnowsNoRangesIsAskedForAllOfItAgain() {
    registry.on(pulling.layerPath()).then(closeAfter(SOME)).always(ignoringRange());

    endsWell();

    assertThat(ranges()).containsExactly("-", "bytes=1500000-");
  }

  static Stream<Named<Behaviour>> lies() {
    return Stream.of(
        Named.of("another range", contentRange("bytes 7-17/100")),
        Named.of("a range that makes no sense", contentRange("pages 1-2")),
        Named.of("not satisfiable", rangeNotSatisfiable()));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aRangeThatIsAnotherOneIsNotTaken(Behaviour lie) {
    registry.on(pulling.layerPath()).then(closeAfter(SOME)).then(lie);

    endsWell();

    assertThat(ranges()).containsExactly("-", "bytes=1500000-", "-");
  }

  /** The lie is found by the digest alone, when all is read: then all is read again. */
  @Test
  void wrongBytesInTheRightRangeAreFoundByTheDigest() {
    registry.on(pulling.layerPath()).then(closeAfter(SOME)).then(bytesFromTheStart());

    endsWell();

    assertThat(ranges()).containsExactly("-", "bytes=1500000-", "-");
  }

  @Test
  void afterSuchALieNoRangeIsAskedForAgain() {
    registry
        .on(pulling.layerPath())
        .then(closeAfter(SOME))
        .then(bytesFromTheStart())
        .then(closeAfter(SOME))
        .always(bytesFromTheStart());

    endsWell();

    assertThat(ranges()).containsExactly("-", "bytes=1500000-", "-", "-");
  }

  @Test
  void bytesThatAreWrongInTheEndAreRefused() {
    registry.on(pulling.layerPath()).then(closeAfter(SOME)).always(flipped(SOME + 10));

    ScanError error = Pulling.failure(pulling.scan(registry, settings));

    assertThat(error.kind()).isEqualTo("digest-mismatch");
    assertThat(ranges()).containsExactly("-", "bytes=1500000-", "-");
  }

  /** Addresses of blob stores expire: each part is asked for at the registry. */
  @Test
  void theRestIsAskedForWhereTheBlobIs() {
    try (FaultyRegistry store = new FaultyRegistry()) {
      pulling.into(store);
      registry.on(pulling.layerPath()).always(redirect(store.url() + pulling.layerPath()));
      store.on(pulling.layerPath()).then(closeAfter(SOME));

      endsWell();

      assertThat(ranges()).containsExactly("-", "bytes=1500000-");
      assertThat(store.requests(pulling.layerPath()).get(1).range()).contains("bytes=1500000-");
    }
  }

  /** Whoever waits for a layer that another image has, too, does not share its failure. */
  @Test
  void theFailureOfOneImageIsNotThatOfAnother() throws Exception {
    pulling.into(registry, "evil/x");
    String evil = FaultyRegistry.blob("evil/x", pulling.layer());
    CountDownLatch gate = new CountDownLatch(1);
    registry.on(evil).always(holding(gate, status(404)));
    try (Scanner scanner =
        Scanner.builder()
            .registries(pulling.client(settings, CredentialSource.ANONYMOUS))
            .build()) {
      FutureTask<ImageReport> first =
          new FutureTask<>(() -> Pulling.scanReference(registry.name() + "/evil/x:1", scanner));
      new Thread(first).start();
      registry.awaitRequests(evil, 1);
      FutureTask<ImageReport> second =
          new FutureTask<>(() -> Pulling.scan(registry.name(), scanner));
      Thread waiting = new Thread(second);
      waiting.start();
      registry.awaitRequests(pulling.manifestPath(), 1);
      while (waiting.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(registry.requests(pulling.layerPath())).isEmpty();
      gate.countDown();

      assertThat(Pulling.failure(first.get()).kind()).isEqualTo("not-found");
      assertThat(second.get().error()).isEmpty();
    }
  }
}
