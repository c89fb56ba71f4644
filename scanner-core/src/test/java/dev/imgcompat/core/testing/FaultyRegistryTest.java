package dev.imgcompat.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.Exchange.Framing;
import dev.imgcompat.core.testing.FaultyServer.Welcome;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyRegistryTest {
  private static final String BLOB = "/blob";
  private static final String TEN = "0123456789";

  private final FaultyRegistry registry = new FaultyRegistry();

  @BeforeEach
  void serve() {
    registry.serve(BLOB, "text/plain", utf8(TEN));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** Sends a request over a connection of its own, and reads until its end. */
  private String ask(String method, String path, String... headers) throws IOException {
    try (Socket socket = connect()) {
      send(socket, method, path, headers);
      return readAll(socket);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void send(Socket socket, String method, String path, String... headers)
      throws IOException {
    StringBuilder request =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: x.test\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    socket.getOutputStream().write(utf8(request.append("\r\n").toString()));
  }

  private String get(String... headers) throws IOException {
    String[] all = List.of(headers).toArray(new String[headers.length + 1]);
    all[headers.length] = "Connection: close";
    return ask("GET", BLOB, all);
  }

  private static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Reads until a text has come. */
  private static String readUntil(Socket socket, String text) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    while (!read.toString(StandardCharsets.ISO_8859_1).endsWith(text)) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException(read.toString(StandardCharsets.ISO_8859_1));
      }
      read.write(next);
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static HttpResponse<String> fetch(String url, SSLContext context) throws Exception {
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  @Test
  void servesALayoutAndKeepsTheConnection() throws Exception {
    LayoutBuilder layout = new LayoutBuilder();
    Digest image = layout.image("it", new LayoutBuilder.ImageSpec());
    registry.serve("team/it", "1", layout, image);
    String path = FaultyRegistry.manifest("team/it", 1);

    try (Socket socket = connect()) {
      send(socket, "HEAD", path, "Authorization: Basic x");
      String head = readUntil(socket, "\r\n\r\n");
      send(socket, "GET", path);
      readUntil(socket, "\r\n\r\n");
      readUntil(socket, "}");
      assertThat(head)
          .startsWith("HTTP/1.1 200 ")
          .contains("Content-Type: application/vnd.oci.image.manifest.v1+json")
          .contains("Docker-Content-Digest: " + image);
    }
    assertThat(registry.lines()).containsExactly("HEAD " + path, "GET " + path);
    assertThat(registry.connections()).isEqualTo(1);
    RecordedRequest first = registry.requests(path).get(0);
    assertThat(first.authorization()).contains("Basic x");
    assertThat(first.host()).isEqualTo("x.test");
    assertThat(first.peer().localAddress()).isEqualTo("127.0.0.1");
    assertThat(ask("GET", "/v2/team/it/blobs/" + image, "Connection: close")).contains(" 200 ");
    assertThat(ask("GET", "/v2/team/it/manifests/2", "Connection: close")).contains(" 404 ");
  }

  @Test
  void whatIsPlannedHappensInOrderAndThenAllIsWell() throws Exception {
    registry.on(BLOB).then(Answers.status(503)).times(2, Answers.retryAfter(429, 7));
    registry.on("/bl*").then(Answers.status(418));

    assertThat(get()).contains(" 503 ");
    assertThat(get()).contains(" 429 ").contains("Retry-After: 7\r\n");
    assertThat(get()).contains(" 429 ");
    assertThat(get()).contains(" 418 ");
    assertThat(get()).contains(" 200 ").endsWith(TEN);

    registry.on("GET " + BLOB).always(Answers.retryAfter(503, Instant.EPOCH));
    assertThat(get()).contains("Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
    assertThat(get()).contains(" 503 ");
    assertThat(registry.requests(BLOB)).hasSize(7);
  }

  @Test
  void ranges() throws Exception {
    assertThat(get("Range: bytes=4-"))
        .contains(" 206 ", "Content-Range: bytes 4-9/10", "Content-Length: 6")
        .endsWith("\r\n\r\n456789");
    assertThat(get("Range: bytes=4-5")).contains("Content-Range: bytes 4-5/10").endsWith("\n45");
    assertThat(get("Range: bytes=10-")).contains(" 416 ", "Content-Range: bytes */10");
    assertThat(get("Range: bytes=4-", "If-Range: \"other\"")).contains(" 200 ").endsWith(TEN);
    assertThat(registry.requests().get(0).range()).contains("bytes=4-");
  }

  @Test
  void rangesThatLie() throws Exception {
    registry
        .on(BLOB)
        .then(Answers.ignoringRange())
        .then(Answers.contentRange("bytes 0-9/10"))
        .then(Answers.bytesFromTheStart())
        .then(Answers.rangeNotSatisfiable())
        .then(Answers.flipped(5))
        .then(Answers.flipped(3));
    String range = "Range: bytes=4-";

    assertThat(get(range)).contains(" 200 ").doesNotContain("Ranges").endsWith("\n" + TEN);
    assertThat(get(range))
        .contains(" 206 ", "Content-Range: bytes 0-9/10")
        .doesNotContain("bytes 4-9/10")
        .endsWith("\n456789");
    assertThat(get(range)).contains("Content-Range: bytes 4-9/10").endsWith("\n012345");
    assertThat(get(range)).contains(" 416 ");
    assertThat(get(range)).endsWith("\n446789");
    assertThat(get(range)).endsWith("\n456789");
  }

  @Test
  void resets() throws Exception {
    registry.on(BLOB).then(Faults.reset()).then(Faults.resetAfter(4));

    assertThatThrownBy(this::get).isInstanceOf(SocketException.class);
    try (Socket socket = connect()) {
      send(socket, "GET", BLOB);
      readUntil(socket, "\r\n\r\n0123");
      assertThatThrownBy(() -> readAll(socket)).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void endsInTheMiddle() throws Exception {
    registry
        .on(BLOB)
        .then(Faults.close())
        .then(Faults.closeAfter(4))
        .then(Faults.closeAfter(4, Framing.CHUNKED))
        .then(Faults.closeAfter(4, Framing.UNDELIMITED))
        .then(Faults.closeAfter(2));

    assertThat(ask("GET", BLOB)).isEmpty();
    assertThat(ask("GET", BLOB)).contains("Content-Length: 10").endsWith("\n0123");
    assertThat(ask("GET", BLOB)).contains("chunked").endsWith("\r\n\r\n4\r\n0123\r\n");
    assertThat(ask("GET", BLOB)).doesNotContain("Length", "chunked").endsWith("\n0123");
    assertThat(ask("GET", BLOB, "Range: bytes=4-")).endsWith("\n45");
  }

  @Test
  void lengthsThatLie() throws Exception {
    registry
        .on(BLOB)
        .then(Answers.lengthOff(-3))
        .then(Answers.lengthOff(5L << 30))
        .then(Answers.twoLengths(1))
        .then(Answers.truncated(3))
        .then(Answers.padded(12))
        .then(Answers.empty())
        .then(Answers.ok(Framing.CHUNKED));

    assertThat(get()).contains("Content-Length: 7\r\n").endsWith("\n" + TEN);
    assertThat(get()).contains("Content-Length: 5368709130\r\n").endsWith(TEN);
    assertThat(get()).contains("Content-Length: 10\r\n", "Content-Length: 11\r\n").endsWith(TEN);
    assertThat(get()).contains("Content-Length: 3\r\n").endsWith("\n012");
    assertThat(get()).contains("Content-Length: 12\r\n").endsWith(TEN + "  ");
    assertThat(get()).contains("Content-Length: 0\r\n").endsWith("\r\n\r\n");
    assertThat(get()).endsWith("\r\n\r\na\r\n" + TEN + "\r\n0\r\n\r\n");
  }

  @Test
  void stallsUntilTheyAreLetGo() throws Exception {
    registry.on(BLOB).then(Faults.stallAfter(4)).then(Faults.stallInHeaders()).then(Faults.stall());

    try (Socket body = connect();
        Socket headers = connect();
        Socket all = connect()) {
      int sent = 0;
      for (Socket socket : List.of(body, headers, all)) {
        send(socket, "GET", BLOB, "Connection: close");
        sent++;
        registry.awaitRequests(BLOB, sent);
      }
      readUntil(body, "\n0123");
      body.setSoTimeout(50);
      assertThatThrownBy(() -> body.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      registry.releaseStalls();

      body.setSoTimeout(30_000);
      assertThat(readAll(body)).isEqualTo("456789");
      assertThat(readAll(headers)).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n" + TEN);
      assertThat(readAll(all)).endsWith(TEN);
    }
  }

  @Test
  void aStallEndsWhenTheClientHangsUp() throws Exception {
    registry.on(BLOB).always(Faults.stall());
    try (Socket socket = connect()) {
      send(socket, "GET", BLOB);
      registry.awaitRequests(BLOB, 1);
      assertThat(registry.openConnections()).isEqualTo(1);
    }
    await(() -> registry.openConnections() == 0);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void trickles() throws Exception {
    registry
        .on(BLOB)
        .then(Faults.trickle(1, Duration.ofMillis(1)))
        .then(Faults.trickleHeaders(Duration.ofMillis(1)));

    assertThat(get()).endsWith("\r\n\r\n" + TEN);
    assertThat(get()).endsWith("\r\n\r\n" + TEN);
  }

  @Test
  void tooMuch() throws Exception {
    registry
        .on(BLOB)
        .then(Faults.endless())
        .then(Faults.manyHeaders(100_000))
        .then(Faults.longHeader(10 << 20));

    try (Socket socket = connect()) {
      send(socket, "GET", BLOB);
      readUntil(socket, "\r\n\r\n");
      socket.getInputStream().skipNBytes(20 << 20);
    }
    assertThat(get().lines().filter(l -> l.startsWith("X-"))).hasSize(100_000);
    assertThat(get()).hasSizeGreaterThan(10 << 20).endsWith("\r\n\r\n" + TEN);
    await(() -> registry.openConnections() == 0);
  }

  @Test
  void otherThingsThanAnswers() throws Exception {
    registry
        .on(BLOB)
        .then(Faults.garbage(utf8("SSH-2.0-x\r\n")))
        .then(Answers.html())
        .then(Answers.challenge("Basic realm=\"x\""));

    assertThat(get()).isEqualTo("SSH-2.0-x\r\n");
    assertThat(get()).contains("Content-Type: text/html").contains("<html>");
    assertThat(get()).contains(" 401 ", "WWW-Authenticate: Basic realm=\"x\"\r\n");
  }

  @Test
  void redirects() throws Exception {
    registry.on(BLOB).then(Answers.redirect("http://x.test/y")).then(Answers.redirectToItself());
    assertThat(get()).contains(" 307 ", "Location: http://x.test/y\r\n");
    assertThat(get()).contains(" 307 ", "Location: " + BLOB + "\r\n");

    registry.on(BLOB).always(Answers.redirectChain(2));
    assertThat(get()).contains("Location: " + BLOB + "?hop=1\r\n");
    assertThat(ask("GET", BLOB + "?hop=1", "Connection: close")).contains("?hop=2\r\n");
    assertThat(ask("GET", BLOB + "?hop=2", "Connection: close")).contains(" 200 ").endsWith(TEN);
  }

  @Test
  void anAnswerIsHeldBack() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    registry.on(BLOB).then(Faults.telling(reached, Faults.holding(released, Answers.ok())));

    try (Socket socket = connect()) {
      send(socket, "GET", BLOB, "Connection: close");
      assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(socket.getInputStream().available()).isZero();
      released.countDown();
      assertThat(readAll(socket)).endsWith(TEN);
    }
  }

  @Test
  void unpluggedAndPluggedIn() throws Exception {
    int port = registry.port();
    try (Socket socket = connect()) {
      send(socket, "GET", BLOB);
      readUntil(socket, TEN);
      registry.unplug();
      assertThatThrownBy(() -> readAll(socket)).isInstanceOf(SocketException.class);
    }
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);

    registry.plugIn();
    assertThat(registry.port()).isEqualTo(port);
    assertThat(get()).endsWith(TEN);
  }

  @Test
  void connectionsAreWelcomedBadly() throws Exception {
    registry.welcome(Welcome.RESET, Welcome.CLOSE, Welcome.GARBAGE, Welcome.SILENCE);

    assertThatThrownBy(this::get).isInstanceOf(SocketException.class);
    try (Socket socket = connect()) {
      assertThat(readAll(socket)).isEmpty();
    }
    try (Socket socket = connect()) {
      assertThat(readAll(socket)).startsWith("?!");
    }
    try (Socket socket = connect()) {
      send(socket, "GET", BLOB);
      socket.setSoTimeout(50);
      assertThatThrownBy(() -> readAll(socket)).isInstanceOf(SocketTimeoutException.class);
    }
    await(() -> registry.openConnections() == 0);
    assertThat(get()).endsWith(TEN);
  }

  @Test
  void tls() throws Exception {
    TestPki pki = TestPki.shared();
    try (FaultyRegistry secure = FaultyRegistry.secure(pki.serverContext())) {
      secure.serve(BLOB, "text/plain", utf8(TEN));
      secure.on(BLOB).then(Faults.closeAfter(3)).then(Faults.cutAfter(3, Framing.CHUNKED));
      String url = "https://localhost:" + secure.port() + BLOB;

      assertThatThrownBy(() -> fetch(url, pki.clientContext())).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> fetch(url, pki.clientContext())).isInstanceOf(IOException.class);
      assertThat(fetch(url, pki.clientContext()).body()).isEqualTo(TEN);
      assertThat(secure.requests().get(2).peer().serverName()).contains("localhost");
      assertThatThrownBy(() -> fetch(url, TestPki.stranger().clientContext()))
          .isInstanceOf(SSLException.class);
      await(() -> !secure.failedHandshakes().isEmpty());
    }
  }

  @Test
  void plainHttpAndTlsAreToldApart() throws Exception {
    try (FaultyRegistry secure = FaultyRegistry.secure(TestPki.shared().serverContext())) {
      SSLContext context = TestPki.shared().clientContext();

      assertThat(fetch("http://" + secure.name() + "/v2/", context).statusCode()).isEqualTo(400);
      assertThatThrownBy(() -> fetch("https://" + registry.name() + "/v2/", context))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void certificatesThatAreNoGood() throws Exception {
    TestPki pki = TestPki.shared();
    for (TestPki.Identity identity :
        List.of(pki.expiredServer(), pki.serverOfTheFuture(), pki.serverOfAnotherName())) {
      try (FaultyRegistry secure = FaultyRegistry.secure(pki.context(identity))) {
        String url = secure.url() + "/v2/";
        assertThatThrownBy(() -> fetch(url, pki.clientContext()))
            .as(identity.toString())
            .isInstanceOf(SSLException.class);
      }
    }
  }

  @Test
  void clientsNeedACertificate() throws Exception {
    TestPki pki = TestPki.shared();
    try (FaultyRegistry secure = FaultyRegistry.secureForKnown(pki.serverContext())) {
      String url = secure.url() + "/v2/";

      assertThatThrownBy(() -> fetch(url, pki.clientContext())).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> fetch(url, pki.context(TestPki.stranger().client())))
          .isInstanceOf(IOException.class);
      assertThat(fetch(url, pki.context(pki.client())).statusCode()).isEqualTo(200);
      assertThat(secure.requests().get(0).peer().certificate()).contains("CN=client");
      await(() -> secure.failedHandshakes().size() > 1);
    }
  }

  @Test
  void credentialsAreWanted() throws Exception {
    registry.on("/v2/").then(Answers.status(503));
    registry.requireBasic("anna", "geheim");
    String right = "Authorization: Basic YW5uYTpnZWhlaW0=";

    assertThat(ask("GET", "/v2/", "Connection: close")).contains(" 401 ", "Basic realm=");
    assertThat(ask("GET", "/v2/", right, "Connection: close")).contains(" 503 ");
    assertThat(ask("GET", "/v2/", right, "Connection: close")).contains(" 200 ");
    assertThat(get()).endsWith(TEN);
  }
}
