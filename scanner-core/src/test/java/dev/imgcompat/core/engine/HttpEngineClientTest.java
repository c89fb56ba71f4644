package dev.imgcompat.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.ScanException.WhoseMove;
import dev.imgcompat.core.testing.FakeEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpEngineClientTest {
  private static final String DIGEST = "sha256:" + "5".repeat(64);
  private static final Optional<Platform> ANY = Optional.empty();
  private static final Optional<Platform> ARM =
      Optional.of(Platform.of("linux", "arm", Optional.of("v7")));
  private static final byte[] TAR = new byte[1 << 20];

  private final FakeEngine engine = new FakeEngine();
  private EngineTimes times = EngineTimes.DEFAULT;

  @TempDir private Path directory;

  /** How the engine is reached. */
  enum Way {
    TCP,
    UNIX
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @ParameterizedTest
  @EnumSource
  void anImageIsInspected(Way way) throws Exception {
    engine.image(
        "registry:5000/team/tool:1",
        """
        {"Id":"%s","Os":"linux","Architecture":"arm","Variant":"v7",
         "RootFS":{"Type":"layers","Layers":["%s"]}}
        """
            .formatted(DIGEST, DIGEST),
        TAR);
    try (EngineClient client = client(way)) {
      EngineImage image = client.inspect("registry:5000/team/tool:1", ANY);
      assertThat(image.id()).contains(Digest.of(DIGEST));
      assertThat(image.platform()).isEqualTo(ARM.get());
      assertThat(image.diffIds()).containsExactly(Digest.of(DIGEST));
    }
  }

  @Test
  void anImageWithoutLayersIsInspected() throws Exception {
    engine.image("a", "{\"Id\":\"0123abc\",\"RootFS\":{}}", TAR);
    try (EngineClient client = client(Way.TCP)) {
      EngineImage image = client.inspect("a", ANY);
      assertThat(image.id()).isEmpty();
      assertThat(image.diffIds()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no JSON", "[]", "{\"RootFS\":{\"Layers\":[\"sha256:short\"]}}"})
  void anInspectionThatMakesNoSenseIsDamaged(String json) throws Exception {
    engine.image("a", json, TAR);
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.Damaged.class)
          .hasMessageContaining("what the Docker engine at tcp://")
          .hasMessageContaining("'a'");
    }
  }

  @Test
  void anInspectionIsReadWithinABound() throws Exception {
    engine.image("a", " ".repeat((16 << 20) + 1), TAR);
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.LimitExceeded.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExportIsStreamed(Way way) throws Exception {
    byte[] tar = new byte[5 << 20];
    for (int i = 0; i < tar.length; i++) {
      tar[i] = (byte) (i * 31 + i / 1000);
    }
    engine.image("a", "{}", tar);
    try (EngineClient client = client(way);
        InputStream export = client.export("a", ANY)) {
      assertThat(export.readAllBytes()).isEqualTo(tar);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExportThatIsClosedEarlyDropsTheConnection(Way way) throws Exception {
    CompletableFuture<Long> sent = new CompletableFuture<>();
    engine.answer("/images/a/get", exchange -> sendForEver(exchange, sent));
    try (EngineClient client = client(way)) {
      long start = System.nanoTime();
      try (InputStream export = client.export("a", ANY)) {
        assertThat(export.readNBytes(100_000)).hasSize(100_000);
      }
      assertThat(sent.get(10, TimeUnit.SECONDS)).isLessThan(64L << 20);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void noConnectionLeavesAFileDescriptorBehind() throws Exception {
    Path descriptors = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.isDirectory(descriptors), "no /proc: descriptors are not counted");
    engine.image("a", "{}", TAR);
    try (EngineClient client = client(Way.UNIX)) {
      client.inspect("a", ANY);
      long before = entries(descriptors);
      for (int i = 0; i < 50; i++) {
        client.inspect("a", ANY);
        try (InputStream export = client.export("a", ANY)) {
          assertThat(export.read()).isZero();
        }
      }
      assertThat(entries(descriptors)).isLessThan(before + 50);
    }
  }

  @Test
  void severalThreadsExportAtOnce() throws Exception {
    engine.image("a", "{}", TAR);
    try (EngineClient client = client(Way.UNIX)) {
      List<CompletableFuture<Integer>> exports =
          Stream.generate(() -> CompletableFuture.supplyAsync(() -> exported(client)))
              .limit(8)
              .toList();
      for (CompletableFuture<Integer> export : exports) {
        assertThat(export.get()).isEqualTo(TAR.length);
      }
    }
  }

  @Test
  void theEnginesOwnApiVersionIsAskedForOnceAndUsed() throws Exception {
    engine.apiVersion("1.24").image("a", "{}", TAR);
    try (EngineClient client = client(Way.TCP)) {
      client.inspect("a", ANY);
      client.export("a", ANY).close();
    }
    assertThat(engine.requests())
        .containsExactly("GET /v1.24/images/a/json", "GET /v1.24/images/a/get");
    assertThat(engine.pings()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "one", "1.2.3", "1/../../x"})
  void withoutAVersionThePathsHaveNone(String version) throws Exception {
    engine.apiVersion(version).image("a", "{}", TAR);
    try (EngineClient client = client(Way.TCP)) {
      client.inspect("a", ARM);
    }
    assertThat(engine.requests()).containsExactly("GET /images/a/json");
  }

  @Test
  void theVersionIsAskedForAgainAfterAFailure() throws Exception {
    engine.image("a", "{}", TAR);
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.inspect("b", ANY)).isInstanceOf(ScanException.NotFound.class);
      engine.apiVersion("1.52");
      client.inspect("a", ANY);
    }
    assertThat(engine.requests().get(1)).isEqualTo("GET /v1.52/images/a/json");
  }

  @Test
  void thePlatformIsNamedToEnginesThatKnowOfIt() throws Exception {
    String query =
        "?platform=%7B%22architecture%22%3A%22arm%22%2C%22os%22%3A%22linux%22%2C"
            + "%22variant%22%3A%22v7%22%7D";
    engine.image("a", "{}", TAR);
    for (String version : List.of("1.47", "1.48", "1.49")) {
      engine.apiVersion(version);
      try (EngineClient client = client(Way.TCP)) {
        client.inspect("a", ARM);
        client.export("a", ARM).close();
      }
    }
    assertThat(engine.requests())
        .containsExactly(
            "GET /v1.47/images/a/json",
            "GET /v1.47/images/a/get",
            "GET /v1.48/images/a/json",
            "GET /v1.48/images/a/get" + query,
            "GET /v1.49/images/a/json" + query,
            "GET /v1.49/images/a/get" + query);
  }

  @Test
  void namesAreEncodedAsDockerDoesIt() throws Exception {
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.inspect("r:1/a b?#%é@" + DIGEST, ANY))
          .isInstanceOf(ScanException.NotFound.class);
    }
    assertThat(engine.requests())
        .containsExactly("GET /v1.48/images/r:1/a%20b%3F%23%25%C3%A9@" + DIGEST + "/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../../info", "a/./b", "a//b", "/a", "a/"})
  void aNameThatLeadsElsewhereIsRefusedUnasked(String name) {
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.export(name, ANY))
          .isInstanceOf(ScanException.InvalidReference.class);
    }
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void anImageThatTheEngineDoesNotHaveIsNotFound() {
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.export("centos:6", ANY))
          .isInstanceOf(ScanException.NotFound.class)
          .hasMessage(
              "the Docker engine at "
                  + engine.host()
                  + " has no image 'centos:6': docker pull it, or name the registry's with"
                  + " docker://centos:6");
    }
  }

  @Test
  void anImageForOtherPlatformsOnlyIsToldFromNone() {
    engine.answer(
        "/images/a/get",
        FakeEngine.failure(
            404,
            "image with reference a was found but does not provide the specified platform"
                + " (linux/arm/v7)"));
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.export("a", ARM))
          .isInstanceOf(ScanException.PlatformMissing.class)
          .hasMessageContaining("has 'a', but not for linux/arm/v7");
    }
  }

  @Test
  void theMessageOfAnEngineIsOnePrintableLineOfBoundedLength() {
    engine.answer(
        "/images/a/get", FakeEngine.failure(500, "no\\nspace\\u001b[31m left" + "!".repeat(5000)));
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.export("a", ANY))
          .isInstanceOf(ScanException.EngineUnavailable.class)
          .hasMessageContaining("answered status 500 to the request for 'a': no space\\u001b[31m")
          .hasMessageEndingWith("!…")
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500))
          .satisfies(e -> assertThat(((ScanException) e).retryable()).isTrue())
          .satisfies(
              e -> assertThat(((ScanException) e).whoseMove()).isEqualTo(WhoseMove.OPERATOR));
    }
  }

  @Test
  void aNameThatTheEngineRefusesIsTheUsersMove() {
    engine.answer("/images/A/json", FakeEngine.failure(400, "invalid reference format"));
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.inspect("A", ANY))
          .isInstanceOf(ScanException.InvalidReference.class)
          .hasMessageEndingWith("does not take 'A': invalid reference format");
    }
  }

  @Test
  void anEngineThatIsGuardedDeniesAccess() {
    engine.answer("/images/a/json", FakeEngine.failure(403, "authorization denied by plugin"));
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.AccessDenied.class)
          .hasMessageContaining("authorization denied by plugin");
    }
  }

  @Test
  void whatDoesNotAnswerLikeAnEngineIsSaid() {
    engine.apiVersion("").answer("/_ping", FakeEngine.failure(404, "page not found"));
    try (EngineClient client = client(Way.TCP)) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.EngineUnavailable.class)
          .hasMessageContaining("what answers at tcp://")
          .hasMessageContaining("is no Docker engine");
    }
    assertThat(engine.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anEngineThatNeverAnswersIsGivenUp(Way way) throws Exception {
    times = new EngineTimes(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(30));
    engine.answer("/images/a/json", engine.stall(new byte[0]));
    try (EngineClient client = client(way)) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.EngineUnavailable.class)
          .hasMessageEndingWith("could not be asked for 'a': it was silent for too long");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExportMayTakeLongerToBegin(Way way) throws Exception {
    times = new EngineTimes(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(30));
    engine.answer(
        "/images/a/get",
        exchange -> {
          pause(Duration.ofSeconds(2));
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(TAR);
        });
    try (EngineClient client = client(way);
        InputStream export = client.export("a", ANY)) {
      assertThat(export.readAllBytes()).isEqualTo(TAR);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExportThatFallsSilentBreaksOff(Way way) throws Exception {
    times = new EngineTimes(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(30));
    engine.answer("/images/a/get", engine.stall(TAR));
    try (EngineClient client = client(way);
        InputStream export = client.export("a", ANY)) {
      assertThat(export.readNBytes(TAR.length)).isEqualTo(TAR);
      assertThatThrownBy(export::read)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("the export of 'a' by the Docker engine at ")
          .hasMessageEndingWith(" broke off: it was silent for too long");
      assertThatThrownBy(export::read).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExportThatIsCutOffDoesNotLookWhole(Way way) throws Exception {
    engine.answer("/images/a/get", FakeEngine.cutOff(TAR));
    try (EngineClient client = client(way);
        InputStream export = client.export("a", ANY)) {
      assertThatThrownBy(export::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith(" broke off: the connection ended early");
    }
  }

  @Test
  void anExportThatTheEngineGivesUpDoesNotLookWhole() throws Exception {
    String words =
        "{\"errorDetail\":{\"message\":\"content not found\"},\"error\":\"content not found\"}\r\n";
    byte[] tar = new byte[TAR.length + words.length()];
    System.arraycopy(words.getBytes(StandardCharsets.UTF_8), 0, tar, TAR.length, words.length());
    engine.image("a", "{}", tar);
    try (EngineClient client = client(Way.UNIX);
        InputStream export = client.export("a", ANY)) {
      assertThat(export.readNBytes(TAR.length)).isEqualTo(TAR);
      assertThatThrownBy(export::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith(" failed: content not found");
    }
  }

  @Test
  void closingTheClientEndsExportsThatAreOpen() throws Exception {
    engine.answer("/images/a/get", engine.stall(TAR));
    EngineClient client = client(Way.UNIX);
    try (InputStream export = client.export("a", ANY)) {
      CompletableFuture<IOException> failure =
          CompletableFuture.supplyAsync(() -> failureOfReading(export));
      pause(Duration.ofMillis(300));
      client.close();
      assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessageContaining(" broke off: ");
    }
  }

  @Test
  void aMissingSocketMeansThatNoEngineRuns() {
    try (EngineClient client = client("unix:///no/such.sock")) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.EngineUnavailable.class)
          .hasMessage(
              "there is no Docker engine at unix:///no/such.sock: start it, or say where it is"
                  + " with DOCKER_HOST");
    }
  }

  @Test
  void aSocketThatNobodyListensAtMeansThatNoEngineRuns() throws Exception {
    String host = engine.unixHost(directory);
    engine.close();
    try (EngineClient client = client(host)) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.EngineUnavailable.class)
          .hasMessageStartingWith("no Docker engine listens at unix:///");
    }
  }

  @Test
  void aSocketOfOthersDeniesAccess() throws Exception {
    String host = engine.unixHost(directory);
    Path socket = directory.resolve("docker.sock");
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isWritable(socket), "root may write everywhere");
    try (EngineClient client = client(host)) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.AccessDenied.class)
          .hasMessageContaining("join the group");
    }
  }

  @Test
  void aPortThatNobodyListensAtMeansThatNoEngineRuns() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (EngineClient client = client("tcp://127.0.0.1:" + port)) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.EngineUnavailable.class)
          .hasMessageStartingWith("no Docker engine listens at tcp://127.0.0.1:" + port);
    }
  }

  @Test
  void wrongSettingsMatterOnlyWhereAnEngineIsAsked() {
    try (EngineClient client = client("ssh://host")) {
      assertThatThrownBy(() -> client.inspect("a", ANY))
          .isInstanceOf(ScanException.EngineUnavailable.class);
    }
  }

  private EngineClient client(Way way) {
    return client(way == Way.TCP ? engine.host() : engine.unixHost(directory));
  }

  private EngineClient client(String host) {
    return new HttpEngineClient(
        new EngineFinder(Map.of("DOCKER_HOST", host), directory), "imgcompat/test", times);
  }

  private static int exported(EngineClient client) {
    try (InputStream export = client.export("a", ANY)) {
      return export.readAllBytes().length;
    } catch (IOException | ScanException e) {
      throw new IllegalStateException(e);
    }
  }

  private static IOException failureOfReading(InputStream in) {
    try {
      in.readAllBytes();
      return new IOException("there was none");
    } catch (IOException e) {
      return e;
    }
  }

  private static void sendForEver(HttpExchange exchange, CompletableFuture<Long> sent)
      throws IOException {
    long bytes = 0;
    exchange.sendResponseHeaders(200, 0);
    try {
      while (true) {
        exchange.getResponseBody().write(TAR);
        bytes += TAR.length;
      }
    } catch (IOException e) {
      sent.complete(bytes);
      throw e;
    }
  }

  private static long entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }

  /** What an engine does that is slow: there is nothing to await. */
  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
