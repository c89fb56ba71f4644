package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.flipped;
import static dev.imgcompat.core.testing.Answers.html;
import static dev.imgcompat.core.testing.Answers.lengthOff;
import static dev.imgcompat.core.testing.Answers.ok;
import static dev.imgcompat.core.testing.Answers.padded;
import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.redirectChain;
import static dev.imgcompat.core.testing.Answers.redirectToItself;
import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.retryAfter;
import static dev.imgcompat.core.testing.Answers.status;
import static dev.imgcompat.core.testing.Answers.twoLengths;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.testing.Behaviour;
import dev.imgcompat.core.testing.Exchange.Framing;
import dev.imgcompat.core.testing.Faults;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry may do to a scan: answers, and those that do not come. */
@Timeout(120)
class RegistryFaultsTest {
  private final Pulling pulling = new Pulling();
  private final FaultyRegistry registry = pulling.into(new FaultyRegistry());
  private final SettingsBuilder settings = new SettingsBuilder();

  @AfterEach
  void stop() {
    registry.releaseStalls();
    registry.close();
  }

  @BeforeEach
  void noRequestsYet() {
    registry.forgetRequests();
  }

  private void endsWell() {
    ImageReport report = pulling.scan(registry, settings);
    assertThat(report.error()).isEmpty();
    assertThat(report.facts()).isPresent();
  }

  private void fails(String kind, String... fragments) {
    ScanError error = Pulling.failure(pulling.scan(registry, settings));
    assertThat(error.kind()).as(error.message()).isEqualTo(kind);
    assertThat(error.message())
        .contains(fragments)
        .contains(registry.name())
        .doesNotContain("\n")
        .doesNotContain("Exception");
  }

  private int manifestRequests() {
    return registry.requests(pulling.manifestPath()).size();
  }

  @Test
  void tooManyRequestsArePutOffForAsLongAsTheRegistryWants() {
    registry
        .on(pulling.manifestPath())
        .then(retryAfter(429, 0))
        .then(retryAfter(429, Duration.ofSeconds(-5)));
    registry.on(pulling.layerPath()).then(retryAfter(429, 1));

    endsWell();

    assertThat(pulling.waits()).hasSize(3).allMatch(why -> why.contains("429"));
    assertThat(pulling.limits()).hasSize(3).containsOnly(registry.name());
  }

  @Test
  void tooManyRequestsAreTriedAgainWhereTheRegistryDoesNotSayWhen() {
    registry.on(pulling.manifestPath()).times(2, status(429));

    endsWell();

    assertThat(manifestRequests()).isEqualTo(3);
  }

  @Test
  void tooManyRequestsForTooLongAreSaidToBe() {
    registry.on(pulling.manifestPath()).always(status(429));
    fails("registry-unavailable", "limits the rate of requests", "429", "4 tries", "\"planned\"");

    registry.forgetRequests();
    registry.on(pulling.manifestPath()).always(retryAfter(429, 7200));
    fails("registry-unavailable", "limits the rate", "left alone for 2 h");
    assertThat(manifestRequests()).isEqualTo(1);

    registry.on(pulling.manifestPath()).clear().always(retryAfter(429, "9".repeat(30)));
    fails("registry-unavailable", "left alone for 876000 h");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 500, 502, 503, 504})
  void failuresOfTheRegistryMayPass(int status) {
    registry.on(pulling.manifestPath()).times(2, status(status));
    registry.on(pulling.layerPath()).times(2, status(status));
    endsWell();

    registry.on(pulling.layerPath()).always(status(status));
    fails("registry-unavailable", "status " + status, "\"planned\"", "4 tries");
  }

  static Stream<Named<Behaviour>> brokenConnections() {
    return Stream.of(
        Named.of("reset", Faults.reset()),
        Named.of("closed", Faults.close()),
        Named.of("reset in the body", Faults.resetAfter(1)),
        Named.of("closed in the body", Faults.closeAfter(1)));
  }

  @ParameterizedTest
  @MethodSource("brokenConnections")
  void connectionsMayBreak(Behaviour broken) {
    registry.on(pulling.manifestPath()).times(2, broken);
    registry.on(pulling.layerPath()).times(2, broken);
    endsWell();

    registry.on(pulling.manifestPath()).always(broken);
    fails("registry-unavailable", "could not be asked for manifest 1", "4 tries");
  }

  @Test
  void aRegistryThatIsStartedAgainIsFoundAgain() {
    registry.on(pulling.layerPath()).then(Faults.closeAfter(1_000_000));
    RegistryListener plugging =
        new RegistryListener() {
          @Override
          public void waiting(String name, String why, Duration pause) {
            if (why.contains("refused")) {
              registry.plugIn();
            } else {
              registry.unplug();
            }
          }
        };
    HttpRegistryClient client =
        new HttpRegistryClient(
            "imgcompat/test", name -> settings.build(), CredentialSource.ANONYMOUS, plugging);

    assertThat(pulling.scan(registry.name(), client).error()).isEmpty();
  }

  @Test
  void aRegistryThatIsNotThereIsSaidNotToBe() {
    registry.unplug();

    // It is soon given up, since it was never there.
    fails("registry-unavailable", "connection refused", "2 tries");

    registry.plugIn();
  }

  static Stream<Named<Behaviour>> stalls() {
    return Stream.of(
        Named.of("no answer", Faults.stall()),
        Named.of("no end of the headers", Faults.stallInHeaders()),
        Named.of("headers trickle", Faults.trickleHeaders(Duration.ofMillis(50))),
        Named.of("no end of the body", Faults.stallAfter(10)));
  }

  @ParameterizedTest
  @MethodSource("stalls")
  void aRegistryThatFallsSilentIsAskedAgain(Behaviour stall) {
    settings.stall(Duration.ofMillis(400));
    registry.on(pulling.manifestPath()).then(stall);
    registry.on(pulling.layerPath()).then(stall);
    endsWell();

    settings.retries(1);
    registry.on(pulling.manifestPath()).always(stall);
    fails("registry-unavailable", "manifest 1", "2 tries");
  }

  @Test
  void aTrickleIsNotAwaitedToItsEnd() {
    settings.stall(Duration.ofMillis(300)).minimumSpeed(100_000);
    registry.on(pulling.layerPath()).then(Faults.trickle(10, Duration.ofMillis(20)));
    endsWell();

    settings.retries(1);
    registry.on(pulling.layerPath()).always(Faults.trickle(10, Duration.ofMillis(20)));
    fails("registry-unavailable", "bytes a second", "beyond the first", "2 tries");
  }

  /** A body that comes byte by byte; none of them is late by itself. */
  private static Behaviour trickling(Reply reply) {
    return exchange -> {
      Reply padded = reply.body(Arrays.copyOf(reply.body(), 60_000));
      exchange.head(padded, Framing.LENGTH);
      for (int at = 0; at < padded.body().length; at++) {
        exchange.pause(Duration.ofMillis(50));
        exchange.part(padded, Framing.LENGTH, at, at + 1);
      }
    };
  }

  static Stream<Named<Behaviour>> tricklingBodies() {
    return Stream.of(
        Named.of("of a refusal", trickling(Reply.error(401, "UNAUTHORIZED", "who?"))),
        Named.of("of a failure", trickling(Reply.error(500, "UNKNOWN", "oops"))),
        Named.of("of a redirect", trickling(Reply.status(302).with("Location", "/elsewhere"))),
        Named.of("of an answer", trickling(Reply.json(200, "{}"))),
        Named.of(
            "in the head of a chunk",
            exchange -> {
              exchange.head(Reply.json(200, "{}"), Framing.CHUNKED);
              exchange.raw("1".getBytes(StandardCharsets.US_ASCII));
              for (int i = 0; i < 60_000; i++) {
                exchange.pause(Duration.ofMillis(50));
                exchange.raw(";".getBytes(StandardCharsets.US_ASCII));
              }
            }));
  }

  @ParameterizedTest
  @MethodSource("tricklingBodies")
  void bodiesThatTrickleHoldNobody(Behaviour trickle) {
    settings.stall(Duration.ofMillis(300)).minimumSpeed(1000).retries(0);
    registry.on(pulling.manifestPath()).always(trickle);
    fails("registry-unavailable", "manifest 1");

    registry.on(pulling.manifestPath()).clear();
    registry.on(pulling.layerPath()).always(trickle);
    Pulling.failure(pulling.scan(registry, settings));
  }

  @Test
  void allTriesTogetherHaveAnEnd() {
    settings.overall(Duration.ofMillis(700)).retries(100);
    registry.on(pulling.layerPath()).always(Faults.trickle(10, Duration.ofMillis(20)));

    fails("registry-unavailable", "not done within 700 ms");
  }

  @Test
  void wrongBytesAreRefused() {
    registry.on(pulling.layerPath()).always(flipped(1_000_000));
    ScanError error = Pulling.failure(pulling.scan(registry, settings));
    assertThat(error.kind()).isEqualTo("digest-mismatch");
    assertThat(error.retryable()).isTrue();
    assertThat(registry.requests(pulling.layerPath())).hasSize(1);

    registry.on(pulling.manifestPath()).always(flipped(20));
    error = Pulling.failure(pulling.scan(registry, settings));
    assertThat(error.kind()).isEqualTo("digest-mismatch");
  }

  @Test
  void wrongLengthsOfALayerAreRefused() {
    for (long off : new long[] {-1000, 1000, 5L << 30}) {
      registry.on(pulling.layerPath()).clear().always(lengthOff(off));
      fails("digest-mismatch", "where the manifest states " + pulling.layerSize());
    }
  }

  @Test
  void aWrongLengthOfAManifestIsNoticed() {
    registry.on(pulling.manifestPath()).always(lengthOff(1000));
    fails("registry-unavailable", "manifest 1", "ended early");

    registry.on(pulling.manifestPath()).always(twoLengths(1000));
    fails("registry-unavailable", "manifest 1", "not HTTP");
  }

  @Test
  void aWebPageIsNoManifestNoConfigAndNoLayer() {
    registry.on(pulling.layerPath()).always(html());
    fails("registry-unavailable", "web page", "layer");

    registry.on(pulling.manifestPath()).always(html());
    fails("registry-unavailable", "web page", "manifest 1");
    assertThat(pulling.waits()).isEmpty();
  }

  @Test
  void redirectsThatDoNotEndAreLeft() {
    registry.on(pulling.layerPath()).always(redirectChain(5));
    endsWell();

    registry.on(pulling.layerPath()).always(redirectChain(6));
    fails("registry-unavailable", "more than 5 redirects");

    registry.on(pulling.manifestPath()).always(redirectToItself());
    fails("registry-unavailable", "more than 5 redirects");

    for (String nowhere :
        new String[] {"file:///etc/passwd", "http://[", "//", "http://h:99999/", "http://u:p@h/"}) {
      registry.on(pulling.manifestPath()).clear().always(redirect(nowhere));
      fails("registry-unavailable", "redirect");
    }
  }

  @Test
  void aManifestOfMoreThanFourMebibytesIsNotRead() {
    registry.on(pulling.manifestPath()).always(padded((4 << 20) + 1));

    ScanError error = Pulling.failure(pulling.scan(registry, settings));
    assertThat(error.kind()).isEqualTo("limit-exceeded");
    assertThat(error.message()).contains("manifest 1 is larger than 4194304 bytes");
  }

  @Test
  void answersWithoutEndAreHungUpOn() throws Exception {
    registry.on(pulling.manifestPath()).then(Faults.endless());

    ScanError error = Pulling.failure(pulling.scan(registry, settings));
    assertThat(error.kind()).isEqualTo("limit-exceeded");
  }

  @Test
  void headersHaveLimits() {
    registry.on(pulling.manifestPath()).then(Faults.manyHeaders(100_000));
    fails("registry-unavailable", "not HTTP, or too much of it");

    registry.on(pulling.manifestPath()).then(Faults.longHeader(10 << 20));
    fails("registry-unavailable", "not HTTP, or too much of it");
  }

  @Test
  void whatIsNotHttpIsNoAnswer() {
    registry
        .on(pulling.manifestPath())
        .always(Faults.garbage("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

    fails("registry-unavailable", "without an answer");
  }

  @Test
  void refusalsAreToldApart() {
    registry
        .on(pulling.manifestPath())
        .then(reply(Reply.error(401, "UNAUTHORIZED", "who are you?")));
    fails(
        "access-denied",
        "status 401, \"who are you?\"",
        "there is no such repository, or no right to see it without credentials",
        "docker login " + registry.name());

    registry.on(pulling.manifestPath()).then(reply(Reply.error(403, "DENIED", "not you.")));
    fails("access-denied", "status 403, \"not you\"", "docker login");

    registry.on(pulling.manifestPath()).then(status(404));
    registry
        .on("/v2/team/it/tags/list")
        .then(reply(Reply.json(200, "{\"name\":\"team/it\",\"tags\":[\"2\",\"3\"]}")));
    fails("not-found", "no tag '1' in repository team/it", "2, 3");

    registry.on(pulling.manifestPath()).then(status(404));
    fails("not-found", "no repository team/it");

    registry.on(pulling.layerPath()).then(status(404));
    fails("not-found", "does not have layer " + pulling.layer(), "which the manifest lists");
  }

  @Test
  void otherStatusesAreSaid() {
    registry.on(pulling.manifestPath()).then(reply(Reply.error(451, "LEGAL", "forbidden fruit")));

    fails("registry-unavailable", "status 451", "forbidden fruit");
  }

  @Test
  void aSecondScanIsNotBotheredByTheFirst() {
    registry.on(pulling.layerPath()).then(status(404)).always(ok());
    Pulling.failure(pulling.scan(registry, settings));

    endsWell();
  }
}
