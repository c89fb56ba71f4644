package dev.imgcompat.core.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.imgcompat.core.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Stands before a registry, passes on what it is asked, GET and HEAD only, and counts that. Safe
 * for use by several threads.
 */
public final class CountingRegistry implements AutoCloseable {
  private static final Pattern PATH = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/]+)");

  /** Those that concern one connection, or that the server and the client set themselves. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "connection",
          "content-length",
          "date",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "transfer-encoding",
          "upgrade");

  static {
    // Otherwise small answers wait 40 ms for the acknowledgement of what came before them.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String registry;
  private final Map<String, Integer> manifestHeads = new TreeMap<>();
  private final Map<String, Integer> manifestGets = new TreeMap<>();
  private final List<BlobGet> blobGets = new ArrayList<>();
  private int blobsUnderWay;
  private int others;

  /**
   * A request for a blob, once it is answered.
   *
   * @param repository that was asked
   * @param digest of the blob
   * @param status of the answer
   * @param bytes of the blob that were sent
   * @param whole whether these were all that there are
   */
  public record BlobGet(String repository, Digest digest, int status, long bytes, boolean whole) {}

  /**
   * Stands before a registry.
   *
   * @param registry its host and port
   */
  public CountingRegistry(String registry) {
    this.registry = registry;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "counting-registry");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Host and port. */
  public String name() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** How often each {@code repository:tag} or {@code repository@digest} was asked for by HEAD. */
  public synchronized Map<String, Integer> manifestHeads() {
    return new TreeMap<>(manifestHeads);
  }

  /** How often each {@code repository:tag} or {@code repository@digest} was fetched. */
  public synchronized Map<String, Integer> manifestGets() {
    return new TreeMap<>(manifestGets);
  }

  /** How many other requests there were, such as for lists. */
  public synchronized int others() {
    return others;
  }

  /** All requests for blobs; waits until those under way are answered. */
  public synchronized List<BlobGet> blobGets() throws InterruptedException {
    while (blobsUnderWay > 0) {
      wait();
    }
    return List.copyOf(blobGets);
  }

  /** How often each blob was sent whole; waits likewise. */
  public Map<Digest, Long> pulls() throws InterruptedException {
    return blobGets().stream()
        .filter(BlobGet::whole)
        .collect(Collectors.groupingBy(BlobGet::digest, Collectors.counting()));
  }

  /** Begins to count anew. */
  public synchronized void reset() throws InterruptedException {
    while (blobsUnderWay > 0) {
      wait();
    }
    manifestHeads.clear();
    manifestGets.clear();
    blobGets.clear();
    others = 0;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.sendResponseHeaders(405, -1);
      } else if (!path.matches()) {
        countOther();
        passOn(exchange);
      } else if (path.group(2).equals("manifests")) {
        count(method.equals("HEAD") ? manifestHeads : manifestGets, path.group(1), path.group(3));
        passOn(exchange);
      } else if (method.equals("GET")) {
        passOnBlob(exchange, path.group(1), Digest.of(path.group(3)));
      } else {
        countOther();
        passOn(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void countOther() {
    others++;
  }

  private synchronized void count(Map<String, Integer> counts, String repository, String what) {
    counts.merge(repository + (what.contains(":") ? "@" : ":") + what, 1, Integer::sum);
  }

  private void passOnBlob(HttpExchange exchange, String repository, Digest digest)
      throws IOException, InterruptedException {
    synchronized (this) {
      blobsUnderWay++;
    }
    Sent sent = new Sent();
    try {
      passOn(exchange, sent);
    } finally {
      synchronized (this) {
        blobGets.add(
            new BlobGet(
                repository, digest, sent.status, sent.bytes, sent.status == 200 && sent.whole));
        blobsUnderWay--;
        notifyAll();
      }
    }
  }

  private static final class Sent {
    private int status;
    private long bytes;
    private boolean whole;
  }

  private void passOn(HttpExchange exchange) throws IOException, InterruptedException {
    passOn(exchange, new Sent());
  }

  private void passOn(HttpExchange exchange, Sent sent) throws IOException, InterruptedException {
    URI uri = URI.create("http://" + registry + exchange.getRequestURI());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(exchange.getRequestMethod(), BodyPublishers.noBody());
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (isPassedOn(name)) {
                values.forEach(value -> request.header(name, value));
              }
            });
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (isPassedOn(name)) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    sent.status = response.statusCode();
    long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    try (InputStream body = response.body()) {
      if (exchange.getRequestMethod().equals("HEAD")) {
        if (length >= 0) {
          exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
        }
        exchange.sendResponseHeaders(sent.status, -1);
        return;
      }
      // To the server, 0 is of unknown length and -1 nothing.
      exchange.sendResponseHeaders(sent.status, length == 0 ? -1 : Math.max(0, length));
      copy(body, exchange.getResponseBody(), sent);
      sent.whole = length < 0 || sent.bytes == length;
    }
  }

  private static void copy(InputStream body, OutputStream out, Sent sent) throws IOException {
    byte[] buffer = new byte[64 << 10];
    for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
      out.write(buffer, 0, read);
      sent.bytes += read;
    }
  }

  private static boolean isPassedOn(String header) {
    return !header.startsWith(":") && !NOT_PASSED_ON.contains(header.toLowerCase(Locale.ROOT));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
