package dev.imgcompat.service;

import dev.imgcompat.service.access.NewToken;
import dev.imgcompat.service.access.Role;
import dev.imgcompat.service.access.TokenFile;
import dev.imgcompat.service.settings.ProcessEnvironment;
import dev.imgcompat.service.settings.SettingsLoader;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service of this process on free ports, and a client of it. */
final class ServiceUnderTest implements AutoCloseable {
  static final String TOKEN_OF_OPERATOR;
  private static final String TOKEN_LINE;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  static {
    NewToken made = TokenFile.create("tests", Role.OPERATOR);
    TOKEN_OF_OPERATOR = made.token();
    TOKEN_LINE = made.line();
  }

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final Service service;

  private ServiceUnderTest(Service service) {
    this.service = service;
  }

  /** Starts one with an embedded store in a directory, unless the settings say otherwise. */
  static ServiceUnderTest start(Path directory, Map<String, String> settings) throws IOException {
    Path tokens = tokens(directory);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("server.port", "0");
    all.put("management.port", "0");
    all.put("log.format", "text");
    all.put("log.level", "warn");
    all.put("access.tokens", tokens.toString());
    all.put("scans.poll", "200ms");
    all.put("scans.heartbeat", "1s");
    all.put("lists.interval", "1s");
    all.put("lookup.refresh", "300ms");
    if (!settings.containsKey("store.url")) {
      all.put("store.directory", directory.resolve("store").toString());
    }
    all.putAll(settings);
    return new ServiceUnderTest(
        Service.start(
            SettingsLoader.load(all, Map.of(), Optional.empty()),
            new ProcessEnvironment(Map.of(), directory)));
  }

  /** A file that knows {@link #TOKEN_OF_OPERATOR}. */
  static Path tokens(Path directory) throws IOException {
    Path tokens = directory.resolve("tokens");
    Files.writeString(tokens, TOKEN_LINE + "\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    return tokens;
  }

  String url() {
    return "http://127.0.0.1:" + service.port();
  }

  <T> T part(Class<T> type) {
    return service.part(type);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url() + path)).GET());
  }

  HttpResponse<String> watch(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.managementPort() + path))
            .timeout(Duration.ofSeconds(30))
            .build(),
        BodyHandlers.ofString());
  }

  /** Posts as an operator. */
  HttpResponse<String> order(String path, String body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Authorization", "Bearer " + TOKEN_OF_OPERATOR)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
  }

  /** What a lookup answers, which is 200 in any case. */
  JsonNode verdict(String image) {
    try {
      HttpResponse<String> response =
          get("/v1/verdict?image=" + URLEncoder.encode(image, StandardCharsets.UTF_8));
      if (response.statusCode() != 200) {
        throw new AssertionError(response.statusCode() + " " + response.body());
      }
      return MAPPER.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  String decision(String image) {
    return verdict(image).path("decision").asString();
  }

  static JsonNode json(HttpResponse<String> response) {
    return MAPPER.readTree(response.body());
  }

  @Override
  public void close() {
    service.close();
  }
}
