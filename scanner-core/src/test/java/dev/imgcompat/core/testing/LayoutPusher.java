package dev.imgcompat.core.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pushes the images of an OCI layout to a registry, as the distribution specification has it. */
public final class LayoutPusher {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpClient client;
  private final Path layout;
  private final String repository;
  private final Optional<String> authorization;

  /**
   * Creates a pusher to a registry that lets everyone in.
   *
   * @param repository with registry, such as {@code 127.0.0.1:5000/real/images}
   */
  public LayoutPusher(Path layout, String repository) {
    this(
        HttpClient.newHttpClient(),
        layout,
        "http://" + repository.replaceFirst("/", "/v2/"),
        Optional.empty());
  }

  /**
   * Creates a pusher.
   *
   * @param client speaks with the registry
   * @param repository its URL, such as {@code https://127.0.0.1:5000/v2/real/images}
   * @param authorization the header of every request
   */
  public LayoutPusher(
      HttpClient client, Path layout, String repository, Optional<String> authorization) {
    this.client = client;
    this.layout = layout;
    this.repository = repository;
    this.authorization = authorization;
  }

  /** Pushes every tagged image. */
  public void pushAll() throws IOException, InterruptedException {
    for (JsonNode entry : images()) {
      pushManifest(entry, tag(entry));
    }
  }

  /** Pushes one image, under another tag. */
  public void push(String image, String tag) throws IOException, InterruptedException {
    for (JsonNode entry : images()) {
      if (tag(entry).equals(image)) {
        pushManifest(entry, tag);
      }
    }
  }

  private JsonNode images() {
    return MAPPER.readTree(layout.resolve("index.json").toFile()).path("manifests");
  }

  private static String tag(JsonNode entry) {
    return entry.path("annotations").path("org.opencontainers.image.ref.name").asString();
  }

  private void pushManifest(JsonNode descriptor, String name)
      throws IOException, InterruptedException {
    String digest = descriptor.path("digest").asString();
    byte[] bytes = Files.readAllBytes(blob(digest));
    JsonNode manifest = MAPPER.readTree(bytes);
    for (JsonNode child : manifest.path("manifests")) {
      pushManifest(child, child.path("digest").asString());
    }
    if (manifest.has("config")) {
      pushBlob(manifest.path("config").path("digest").asString());
    }
    for (JsonNode layer : manifest.path("layers")) {
      pushBlob(layer.path("digest").asString());
    }
    HttpRequest put =
        request(URI.create(repository + "/manifests/" + name))
            .header("Content-Type", descriptor.path("mediaType").asString())
            .PUT(BodyPublishers.ofByteArray(bytes))
            .build();
    expect(201, client.send(put, BodyHandlers.ofString()));
  }

  private void pushBlob(String digest) throws IOException, InterruptedException {
    HttpRequest start =
        request(URI.create(repository + "/blobs/uploads/")).POST(BodyPublishers.noBody()).build();
    HttpResponse<String> started = client.send(start, BodyHandlers.ofString());
    expect(202, started);
    URI location = start.uri().resolve(started.headers().firstValue("Location").orElseThrow());
    String separator = location.getQuery() == null ? "?" : "&";
    HttpRequest put =
        request(URI.create(location + separator + "digest=" + digest))
            .PUT(BodyPublishers.ofFile(blob(digest)))
            .build();
    expect(201, client.send(put, BodyHandlers.ofString()));
  }

  private HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private Path blob(String digest) {
    return layout.resolve("blobs/sha256").resolve(digest.substring("sha256:".length()));
  }

  private static void expect(int status, HttpResponse<String> response) {
    if (response.statusCode() != status) {
      throw new IllegalStateException(response + ": " + response.body());
    }
  }
}
