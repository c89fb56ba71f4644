package dev.imgcompat.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pushes the images of an OCI layout to a registry, as the distribution specification has it. */
final class LayoutPusher {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path layout;
  private final String repository;

  /**
   * Creates a pusher.
   *
   * @param repository with registry, such as {@code 127.0.0.1:5000/real/images}
   */
  LayoutPusher(Path layout, String repository) {
    this.layout = layout;
    int slash = repository.indexOf('/');
    this.repository =
        "http://" + repository.substring(0, slash) + "/v2" + repository.substring(slash);
  }

  /** Pushes every tagged image. */
  void pushAll() throws IOException, InterruptedException {
    for (JsonNode entry :
        MAPPER.readTree(layout.resolve("index.json").toFile()).path("manifests")) {
      String tag = entry.path("annotations").path("org.opencontainers.image.ref.name").asString();
      pushManifest(entry, tag);
    }
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
        HttpRequest.newBuilder(URI.create(repository + "/manifests/" + name))
            .header("Content-Type", descriptor.path("mediaType").asString())
            .PUT(BodyPublishers.ofByteArray(bytes))
            .build();
    expect(201, client.send(put, BodyHandlers.ofString()));
  }

  private void pushBlob(String digest) throws IOException, InterruptedException {
    HttpRequest start =
        HttpRequest.newBuilder(URI.create(repository + "/blobs/uploads/"))
            .POST(BodyPublishers.noBody())
            .build();
    HttpResponse<String> started = client.send(start, BodyHandlers.ofString());
    expect(202, started);
    URI location = start.uri().resolve(started.headers().firstValue("Location").orElseThrow());
    String separator = location.getQuery() == null ? "?" : "&";
    HttpRequest put =
        HttpRequest.newBuilder(URI.create(location + separator + "digest=" + digest))
            .PUT(BodyPublishers.ofFile(blob(digest)))
            .build();
    expect(201, client.send(put, BodyHandlers.ofString()));
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
