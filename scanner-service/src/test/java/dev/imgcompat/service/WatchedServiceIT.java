package dev.imgcompat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.Samples;
import dev.imgcompat.core.testing.TestPki;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces, and what else is seen from outside. */
class WatchedServiceIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @TempDir private Path directory;

  @Test
  void scanIsInTheTraceOfWhoeverAskedForIt() throws Exception {
    List<byte[]> sent = new CopyOnWriteArrayList<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          sent.add(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    try (FakeRegistry registry = new FakeRegistry();
        ServiceUnderTest service =
            ServiceUnderTest.start(
                directory,
                Map.of(
                    "registries.allowed",
                    registry.name(),
                    "tracing.endpoint",
                    "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces",
                    "tracing.share",
                    "0"))) {
      LayoutBuilder layout = new LayoutBuilder();
      registry.serve(
          "team/image", "1", layout, layout.image("1", new ImageSpec().layer(Samples.debian12())));
      String image = registry.name() + "/team/image:1";
      HttpResponse<String> answer =
          service.send(
              HttpRequest.newBuilder(URI.create(service.url() + BuildStartScenario.path(image)))
                  .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01"));
      assertThat(answer.statusCode()).isEqualTo(200);
      await().atMost(SOON).until(() -> service.decision(image).equals("COMPATIBLE"));
      // Spans come as protocol buffers: names are text in them, and a trace is its sixteen bytes.
      await()
          .atMost(SOON)
          .until(
              () ->
                  sent.stream()
                      .map(s -> new String(s, StandardCharsets.ISO_8859_1))
                      .anyMatch(
                          s ->
                              s.contains("imgcompat.image")
                                  && s.contains(image)
                                  && s.contains(bytes(TRACE))));
      // Whoever asks without a trace is traced by share, which is none here.
      assertThat(sent.stream().map(s -> new String(s, StandardCharsets.ISO_8859_1)))
          .allSatisfy(s -> assertThat(s).contains(bytes(TRACE)));
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void scanThatTakesTooLongIsGivenUp() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (FakeRegistry registry = new FakeRegistry();
        ServiceUnderTest service =
            ServiceUnderTest.start(
                directory,
                Map.of(
                    "registries.allowed", registry.name(),
                    "scans.timeout", "1s",
                    "scans.attempts", "1"))) {
      registry.answer(
          "/v2/team/slow/manifests/1",
          exchange -> {
            try {
              end.await(2, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      String image = registry.name() + "/team/slow:1";
      await()
          .atMost(SOON)
          .until(
              () -> service.verdict(image).path("reasons").get(0).asString(),
              r ->
                  r.equals(
                      "it could not be scanned: the scan took longer than scans.timeout, 1 s"));
      assertThat(service.decision(image)).isEqualTo("UNKNOWN");
    } finally {
      end.countDown();
    }
  }

  @Test
  void apiSpeaksTlsByItsSettings() throws Exception {
    TestPki pki = TestPki.shared();
    Path certificate = directory.resolve("server.pem");
    Path key = directory.resolve("server.key");
    Files.writeString(certificate, pki.server().certificatePem());
    Files.writeString(key, pki.server().keyPem());
    try (ServiceUnderTest service =
        ServiceUnderTest.start(
            directory,
            Map.of(
                "server.tls-certificate", certificate.toString(),
                "server.tls-key", key.toString()))) {
      HttpClient client = HttpClient.newBuilder().sslContext(pki.clientContext()).build();
      URI encrypted =
          URI.create(
              service.url().replace("http:", "https:") + BuildStartScenario.path("centos:6.8"));
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(encrypted).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(service.get(BuildStartScenario.path("centos:6.8")).statusCode()).isEqualTo(400);
      assertThat(service.watch("/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void certificateThatIsNotThereIsSaidAtTheStart() {
    assertThatThrownBy(
            () ->
                ServiceUnderTest.start(
                    directory,
                    Map.of("server.tls-certificate", "/nowhere.pem", "server.tls-key", "/no.key")))
        .satisfies(
            e ->
                assertThat(StartFailure.line(e).orElse(""))
                    .contains("imgcompat.server.tls-certificate"));
  }

  private static String bytes(String hex) {
    return new String(java.util.HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }
}
