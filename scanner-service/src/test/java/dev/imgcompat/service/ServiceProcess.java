package dev.imgcompat.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service's jar in a process of its own, which can be killed. */
final class ServiceProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "imgcompat-service.jar");
  private static final Pattern PORTS =
      Pattern.compile(
          "answers on 127\\.0\\.0\\.1:(\\d+), and is watched on 127\\.0\\.0\\.1:(\\d+)");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;
  private final int port;

  private ServiceProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts one, and waits until it answers. */
  static ServiceProcess start(Path directory, Map<String, String> settings) throws IOException {
    assumeTrue(Files.exists(JAR), "the service's jar is not built");
    Path log = Files.createTempFile(directory, "service", ".log");
    Map<String, String> all = new LinkedHashMap<>();
    all.put("server.port", "0");
    all.put("management.port", "0");
    all.put("store.directory", directory.resolve("store").toString());
    all.put("access.tokens", ServiceUnderTest.tokens(directory).toString());
    all.put("scans.poll", "200ms");
    all.put("scans.heartbeat", "1s");
    all.putAll(settings);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx400m", "-jar", JAR.toString()));
    all.forEach((name, value) -> command.addAll(List.of("--set", name + "=" + value)));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      Matcher ports =
          await()
              .atMost(Duration.ofSeconds(90))
              .until(
                  () -> {
                    if (!process.isAlive()) {
                      throw new IllegalStateException(text(log));
                    }
                    Matcher matcher = PORTS.matcher(text(log));
                    return matcher.find() ? Optional.of(matcher) : Optional.<Matcher>empty();
                  },
                  Optional::isPresent)
              .orElseThrow();
      return new ServiceProcess(process, log, Integer.parseInt(ports.group(1)));
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static String text(Path log) throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  /** What it wrote so far, one JSON object a line unless the settings say otherwise. */
  List<JsonNode> log() throws IOException {
    return text(log).lines().filter(l -> l.startsWith("{")).map(MAPPER::readTree).toList();
  }

  String output() throws IOException {
    return text(log);
  }

  HttpResponse<String> order(String path, String body) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + ServiceUnderTest.TOKEN_OF_OPERATOR)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        BodyHandlers.ofString());
  }

  String decision(String image) {
    try {
      return MAPPER
          .readTree(
              get("/v1/verdict?image=" + URLEncoder.encode(image, StandardCharsets.UTF_8)).body())
          .path("decision")
          .asString();
    } catch (IOException e) {
      return "no answer: " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; returns the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("it does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
