package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.GeneratedImages.Manifest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Pushes generated images: each layer is transferred once, and mounted where else it is needed. */
final class GeneratedPush {
  private static final int AT_ONCE = 8;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final GeneratedImages images;
  private final String registry;

  GeneratedPush(GeneratedImages images, String registry) {
    this.images = images;
    this.registry = registry;
  }

  void run() throws InterruptedException {
    List<Callable<Void>> blobs = new ArrayList<>();
    List<Callable<Void>> mounts = new ArrayList<>();
    List<Callable<Void>> deletions = new ArrayList<>();
    for (GeneratedLayer layer : images.layers()) {
      List<String> repositories = images.repositoriesWith(layer);
      repositories.stream().limit(1).forEach(r -> blobs.add(() -> upload(r, layer.blob())));
      repositories.stream()
          .skip(1)
          .forEach(r -> mounts.add(() -> mount(r, layer, repositories.get(0))));
      if (layer.kind() == GeneratedLayer.Kind.LOST) {
        repositories.forEach(r -> deletions.add(() -> delete(r, layer.digest())));
      }
    }
    for (Map.Entry<String, Map<String, byte[]>> configs : images.configsOf().entrySet()) {
      configs.getValue().values().forEach(c -> blobs.add(() -> upload(configs.getKey(), c)));
    }
    List<Callable<Void>> singles = new ArrayList<>();
    List<Callable<Void>> indexes = new ArrayList<>();
    for (Manifest manifest : images.manifests()) {
      (manifest.mediaType().contains("index") ? indexes : singles).add(() -> put(manifest));
    }
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (List<Callable<Void>> phase : List.of(blobs, mounts, singles, indexes, deletions)) {
        for (Future<Void> done : threads.invokeAll(phase)) {
          done.get();
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the push failed", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Void upload(String repository, byte[] blob) throws IOException, InterruptedException {
    return finish(send(start(repository, "")), blob);
  }

  private Void mount(String repository, GeneratedLayer layer, String from)
      throws IOException, InterruptedException {
    HttpResponse<String> started =
        send(start(repository, "?mount=" + layer.digest() + "&from=" + from));
    return started.statusCode() == 201 ? null : finish(started, layer.blob());
  }

  private HttpRequest start(String repository, String query) {
    return HttpRequest.newBuilder(uri(repository, "blobs/uploads/" + query))
        .POST(BodyPublishers.noBody())
        .build();
  }

  private Void finish(HttpResponse<String> started, byte[] blob)
      throws IOException, InterruptedException {
    expect(202, started);
    URI location = started.uri().resolve(started.headers().firstValue("Location").orElseThrow());
    String separator = location.getQuery() == null ? "?" : "&";
    HttpRequest put =
        HttpRequest.newBuilder(URI.create(location + separator + "digest=" + Bytes.digest(blob)))
            .PUT(BodyPublishers.ofByteArray(blob))
            .build();
    return expect(201, send(put));
  }

  private Void put(Manifest manifest) throws IOException, InterruptedException {
    for (String reference : manifest.references()) {
      HttpRequest put =
          HttpRequest.newBuilder(uri(manifest.repository(), "manifests/" + reference))
              .header("Content-Type", manifest.mediaType())
              .PUT(BodyPublishers.ofByteArray(manifest.bytes()))
              .build();
      expect(201, send(put));
    }
    return null;
  }

  private Void delete(String repository, Digest layer) throws IOException, InterruptedException {
    return expect(
        202, send(HttpRequest.newBuilder(uri(repository, "blobs/" + layer)).DELETE().build()));
  }

  private URI uri(String repository, String rest) {
    return URI.create("http://" + registry + "/v2/" + repository + "/" + rest);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  private static Void expect(int status, HttpResponse<String> response) {
    if (response.statusCode() != status) {
      throw new IllegalStateException(response + ": " + response.body());
    }
    return null;
  }
}
