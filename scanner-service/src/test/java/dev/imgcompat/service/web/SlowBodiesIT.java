package dev.imgcompat.service.web;

import static dev.imgcompat.service.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.service.access.NewToken;
import dev.imgcompat.service.access.Role;
import dev.imgcompat.service.access.TokenFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that announce a body and do not send it; the server has four threads. */
class SlowBodiesIT {
  private static final int MANY = 200;
  private static final NewToken TOKEN = TokenFile.create("tester", Role.OPERATOR);
  private static final String LENGTH = "Content-Length: 200000\r\n\r\n";
  private static final String CHUNKS = "Transfer-Encoding: chunked\r\n\r\n";

  @TempDir private static Path directory;
  private static ApiServer server;

  @BeforeAll
  static void start() throws Exception {
    Path tokens = Files.writeString(directory.resolve("tokens"), TOKEN.line() + "\n");
    server = ApiServer.with(Map.of("access.tokens", tokens.toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Socket open(String head) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(30_000);
    send(socket, head);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String all(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/stats HTTP/1.1\r\nHost: a\r\n" + LENGTH,
        "GET /v1/stats HTTP/1.1\r\nHost: a\r\n" + CHUNKS,
        "POST /v1/verdicts HTTP/1.1\r\nHost: a\r\n" + LENGTH + "{",
        "POST /v1/verdicts HTTP/1.1\r\nHost: a\r\n" + CHUNKS + "1\r\n",
        "POST /v1/verdicts HTTP/1.1\r\nHost: a\r\n" + CHUNKS,
        "POST /v1/scans HTTP/1.1\r\nHost: a\r\n" + LENGTH,
        "POST /v1/scans HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" + LENGTH,
        "POST /nowhere HTTP/1.1\r\nHost: a\r\n" + LENGTH,
        "PUT /v1/verdict HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + LENGTH,
        "POST /v1/verdicts HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n",
        "TRACE /v1/version HTTP/1.1\r\nHost: a\r\n" + CHUNKS,
        "TRACE /v1/version HTTP/1.1\r\nHost: a\r\n" + LENGTH,
        "POST /v1//verdicts HTTP/1.1\r\nHost: a\r\n" + CHUNKS
      })
  void silentClientsKeepNobodyFromBeingAnswered(String head) throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < MANY; i++) {
        silent.add(open(head));
      }
      try (Socket other =
          open("GET /v1/verdict?image=known:1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
        other.setSoTimeout(3_000);
        assertThat(all(other)).startsWith("HTTP/1.1 200");
      }
      assertThat(text(server.get("/v1/verdict?image=known:1"))).contains("known:1");
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LENGTH, CHUNKS})
  void aBodyThatDoesNotComeIsGivenUp(String rest) throws Exception {
    try (Socket socket = open("POST /v1/verdicts HTTP/1.1\r\nHost: a\r\n" + rest)) {
      assertThat(all(socket))
          .startsWith("HTTP/1.1 408")
          .contains(
              "Connection: close",
              "application/problem+json",
              "urn:imgcompat:problem:too-slow",
              "\"instance\":\"/v1/verdicts\"");
    }
  }

  @Test
  void aLookupDoesNotWaitForABody() throws Exception {
    for (String rest : List.of(LENGTH, CHUNKS)) {
      try (Socket socket = open("GET /v1/verdict?image=known:1 HTTP/1.1\r\nHost: a\r\n" + rest)) {
        assertThat(all(socket)).startsWith("HTTP/1.1 200").contains("Connection: close");
      }
    }
  }

  @Test
  void aBodyThatEndsTooEarlyIsRefused() throws Exception {
    try (Socket socket = open("POST /v1/verdicts HTTP/1.1\r\nHost: a\r\n" + LENGTH + "{")) {
      socket.shutdownOutput();
      assertThat(all(socket)).startsWith("HTTP/1.1 400").contains("the body ends too early");
    }
  }

  @Test
  void aBodyInPiecesIsReadWhole() throws Exception {
    String body = "{\"images\":[{\"image\":\"known:1\"}]}";
    try (Socket socket =
        open(
            "POST /v1/verdicts HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n")) {
      for (int i = 0; i < body.length(); i++) {
        send(socket, body.substring(i, i + 1));
      }
      assertThat(all(socket)).startsWith("HTTP/1.1 200").contains("known:1");
    }
  }

  @Test
  void aConnectionIsUsedAgainAfterABody() throws Exception {
    String head = "POST /v1/verdicts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";
    String get = "GET /v1/verdict?image=known:2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    try (Socket socket = open(head + "\r\n")) {
      send(socket, "d\r\n{\"images\":[]}\r\n0\r\n\r\n" + get);
      assertThat(all(socket)).contains("{\"verdicts\":[]}", "known:2");
    }
  }

  @Test
  void aLargeBodyIsReadWholeWhoeverSendsIt() {
    String body = "{\"images\":[]" + " ".repeat(200_000) + "}";
    assertThat(server.post("/v1/verdicts", body).statusCode()).isEqualTo(200);
    HttpResponse<byte[]> refused = server.post("/v1/scans", body);
    assertThat(refused.statusCode()).isEqualTo(401);
  }

  @Test
  void aBodyThatComesLaterIsStillRefusedWithoutAToken() throws Exception {
    String head = "POST /v1/scans%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    try (Socket socket = open(head.formatted("") + "Content-Length: 13\r\n\r\n")) {
      send(socket, "{\"image\":\"a\"}");
      assertThat(all(socket)).startsWith("HTTP/1.1 401");
    }
    try (Socket socket = open(head.formatted("?wait=1s") + CHUNKS)) {
      send(socket, "d\r\n{\"image\":\"b\"}\r\n0\r\n\r\n");
      assertThat(all(socket)).startsWith("HTTP/1.1 401");
    }
    assertThat(server.scans.orders).isEmpty();
  }

  @Test
  void anOrderOfWhichTheBodyComesLaterCanWait() throws Exception {
    try (Socket socket =
        open(
            "POST /v1/scans?wait=50ms HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: "
                + "Bearer "
                + TOKEN.token()
                + "\r\nContent-Length: 17\r\n\r\n")) {
      send(socket, "{\"image\":\"later\"}");
      assertThat(all(socket)).startsWith("HTTP/1.1 202").contains("\"reference\":\"later\"");
    }
    server.scans.orders.clear();
  }
}
