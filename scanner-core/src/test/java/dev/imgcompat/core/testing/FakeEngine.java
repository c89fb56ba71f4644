package dev.imgcompat.core.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A Docker engine on the loopback interface, and on Unix domain sockets as wanted. It has the
 * images that it is given, under any API version, tells what it was asked, and can be told to
 * answer otherwise.
 */
public final class FakeEngine implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Phaser accepting = new Phaser(1);
  private final List<ServerSocketChannel> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile String apiVersion = "1.48";

  /** What to answer. */
  @FunctionalInterface
  public interface Answer {
    /** Answers; the exchange is closed afterwards. */
    void to(HttpExchange exchange) throws IOException;
  }

  /** Starts one on a free port. */
  public FakeEngine() {
    this(new Plain());
  }

  private FakeEngine(Listener listener) {
    try {
      server = listener.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Starts one that speaks TLS, and lets in only whom its context trusts. */
  public static FakeEngine secure(SSLContext context) {
    return new FakeEngine(new Secure(context));
  }

  /** States this version of the API, 1.48 unless told; none if empty. */
  public FakeEngine apiVersion(String version) {
    apiVersion = version;
    return this;
  }

  /**
   * Has an image.
   *
   * @param name under which it is asked for
   * @param inspectJson what {@code docker inspect} says of it, without the list around it
   * @param exportTar what {@code docker save} writes
   */
  public FakeEngine image(String name, String inspectJson, byte[] exportTar) {
    answers.put(
        "/images/" + name + "/json",
        exchange -> send(exchange, 200, inspectJson.getBytes(StandardCharsets.UTF_8)));
    answers.put(
        "/images/" + name + "/get",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(exportTar);
        });
    return this;
  }

  /** Answers requests for a path, without API version and query, in another way. */
  public FakeEngine answer(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  /** Answers with a status and the engine's form of a message. */
  public static Answer failure(int status, String message) {
    return exchange ->
        send(
            exchange,
            status,
            ("{\"message\":\"" + message + "\"}\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Sends the beginning of an answer and drops the connection. */
  public static Answer cutOff(byte[] beginning) {
    return exchange -> {
      exchange.sendResponseHeaders(200, beginning.length + 1);
      exchange.getResponseBody().write(beginning);
      exchange.getResponseBody().flush();
    };
  }

  /** Sends the beginning of an answer, empty for nothing at all, and is silent. */
  public Answer stall(byte[] beginning) {
    return exchange -> {
      if (beginning.length > 0) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(beginning);
        exchange.getResponseBody().flush();
      }
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Its address as DOCKER_HOST has it, {@code tcp://127.0.0.1:PORT}. */
  public String host() {
    return "tcp://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Listens on {@code docker.sock} in a directory, too.
   *
   * @return its address as DOCKER_HOST has it, {@code unix:///…}
   */
  public String unixHost(Path directory) {
    Path path = directory.resolve("docker.sock").toAbsolutePath();
    try {
      ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      sockets.add(socket);
      socket.bind(UnixDomainSocketAddress.of(path));
      accepting.register();
      threads.execute(() -> accept(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "unix://" + path;
  }

  /** What it was asked, such as {@code GET /v1.48/images/x/json}, pings left out, in order. */
  public List<String> requests() {
    return requests.stream().filter(r -> !r.endsWith("/_ping")).toList();
  }

  /** How many pings it got. */
  public long pings() {
    return requests.stream().filter(r -> r.endsWith("/_ping")).count();
  }

  @Override
  public void close() {
    closed.countDown();
    sockets.forEach(FakeEngine::close);
    // As long as a thread waits for them, the kernel goes on accepting connections.
    accepting.arriveAndAwaitAdvance();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      if (!apiVersion.isEmpty()) {
        exchange.getResponseHeaders().add("Api-Version", apiVersion);
      }
      String path = exchange.getRequestURI().getPath().replaceFirst("^/v[0-9.]+/", "/");
      Answer answer = answers.get(path);
      if (answer != null) {
        answer.to(exchange);
      } else if (path.equals("/_ping")) {
        send(exchange, 200, "OK".getBytes(StandardCharsets.UTF_8));
      } else {
        failure(404, "No such image").to(exchange);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** Passes on what comes over a Unix domain socket: Java's HTTP server knows TCP only. */
  private void accept(ServerSocketChannel socket) {
    try {
      while (true) {
        SocketChannel client = socket.accept();
        try {
          SocketChannel engine = SocketChannel.open(server.getAddress());
          threads.execute(() -> pass(client, engine));
          threads.execute(() -> pass(engine, client));
        } catch (IOException | RejectedExecutionException e) {
          // It is being closed.
          client.close();
        }
      }
    } catch (IOException e) {
      close(socket);
    } finally {
      accepting.arriveAndDeregister();
    }
  }

  private static void pass(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // One of them has gone, and so does the other.
    }
  }

  private static void close(ServerSocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Listener {
    HttpServer listen(InetSocketAddress address) throws IOException;
  }

  private record Plain() implements Listener {
    @Override
    public HttpServer listen(InetSocketAddress address) throws IOException {
      return HttpServer.create(address, 0);
    }
  }

  private record Secure(SSLContext context) implements Listener {
    @Override
    public HttpServer listen(InetSocketAddress address) throws IOException {
      HttpsServer server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(
          new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
              SSLParameters ours = context.getDefaultSSLParameters();
              ours.setNeedClientAuth(true);
              parameters.setSSLParameters(ours);
            }
          });
      return server;
    }
  }
}
