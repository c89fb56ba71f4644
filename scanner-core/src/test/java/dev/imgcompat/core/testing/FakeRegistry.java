package dev.imgcompat.core.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A registry on the loopback interface that serves what a layout holds, counts what it is asked,
 * and can be told to answer otherwise.
 */
public final class FakeRegistry implements AutoCloseable {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpServer server;
  private final Map<String, byte[]> content = new ConcurrentHashMap<>();
  private final Map<String, Answer> scripted = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** What to answer instead. */
  @FunctionalInterface
  public interface Answer {
    /** Answers. */
    void to(HttpExchange exchange) throws IOException;
  }

  /** Starts one on a free port. */
  public FakeRegistry() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(
        Executors.newFixedThreadPool(
            8,
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", this::handle);
    server.start();
  }

  /** Host and port. */
  public String name() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** All that was asked for, methods and paths, in their order. */
  public List<String> allRequests() {
    return List.copyOf(requests);
  }

  /** The paths that were asked for, blobs and manifests only, in their order. */
  public List<String> requests() {
    return requests.stream()
        .filter(r -> r.contains("/blobs/") || r.contains("/manifests/"))
        .toList();
  }

  /** Forgets what was asked for. */
  public void forgetRequests() {
    requests.clear();
  }

  /** Serves the blobs of a layout in a repository, and a manifest of it under a tag. */
  public FakeRegistry serve(String repository, String tag, LayoutBuilder layout, Digest manifest) {
    layout
        .files()
        .forEach(
            (path, bytes) -> {
              if (path.startsWith("blobs/")) {
                Digest digest = Bytes.digest(bytes);
                content.put("/v2/" + repository + "/blobs/" + digest, bytes);
                content.put("/v2/" + repository + "/manifests/" + digest, bytes);
                if (digest.equals(manifest)) {
                  content.put("/v2/" + repository + "/manifests/" + tag, bytes);
                }
              }
            });
    return this;
  }

  /** Serves a manifest as it is, under a tag and a digest. */
  public FakeRegistry manifest(String repository, String tag, Digest digest, byte[] manifest) {
    content.put("/v2/" + repository + "/manifests/" + tag, manifest);
    content.put("/v2/" + repository + "/manifests/" + digest, manifest);
    return this;
  }

  /** Serves a blob as it is. */
  public FakeRegistry blob(String repository, byte[] blob) {
    content.put("/v2/" + repository + "/blobs/" + Bytes.digest(blob), blob);
    return this;
  }

  /** Answers requests for a path in another way. */
  public FakeRegistry answer(String path, Answer answer) {
    scripted.put(path, answer);
    return this;
  }

  /** Answers with a status and a body. */
  public static Answer status(int status, String body, Map<String, String> headers) {
    return exchange -> {
      headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    };
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      requests.add(exchange.getRequestMethod() + " " + path);
      Answer answer = scripted.get(path);
      if (answer != null) {
        answer.to(exchange);
      } else if (content.containsKey(path)) {
        ok(exchange);
      } else if (path.equals("/v2/")) {
        send(exchange, 200, new byte[0]);
      } else {
        send(
            exchange,
            404,
            "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Answers with what the path holds. */
  public void ok(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = content.getOrDefault(path, new byte[0]);
    if (path.contains("/manifests/")) {
      exchange.getResponseHeaders().add("Content-Type", mediaType(body));
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().add("Docker-Content-Digest", Bytes.digest(body).value());
      }
    }
    send(exchange, 200, body);
  }

  /** What a registry would say that a manifest is; some programs believe nothing else. */
  static String mediaType(byte[] manifest) {
    try {
      JsonNode root = MAPPER.readTree(manifest);
      if (root.path("schemaVersion").asInt(0) == 1) {
        return root.has("signatures") ? MediaTypes.SCHEMA1_SIGNED : MediaTypes.SCHEMA1;
      }
      return root.path("mediaType").asString(MediaTypes.OCI_MANIFEST);
    } catch (JacksonException e) {
      return "text/plain";
    }
  }

  /** Sends a response. */
  public static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      exchange.getResponseBody().write(body);
    }
  }

  /** The headers of a request that came in an exchange, by lower-case name. */
  public static Map<String, String> headers(HttpExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
    return headers;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
