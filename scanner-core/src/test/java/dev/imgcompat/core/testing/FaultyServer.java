package dev.imgcompat.core.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A server of HTTP/1.1 on a port of the loopback interface, with or without TLS, on bare sockets:
 * so it can be told to answer in ways in which no decent server would. It records what it is asked.
 * Safe for use by several threads.
 */
public abstract class FaultyServer implements AutoCloseable {
  private static final long PATIENCE = 30;

  /** How to treat a connection, before anything is read from it. */
  public enum Welcome {
    /** As usual. */
    NORMAL,
    /** Resets it. */
    RESET,
    /** Closes it. */
    CLOSE,
    /** Says nothing, not even in TLS, until the client hangs up. */
    SILENCE,
    /** Answers with what is neither HTTP nor TLS. */
    GARBAGE
  }

  /** TLS of a server. */
  record Tls(SSLContext context, boolean clientsNeedCertificate) {}

  private final Optional<Tls> tls;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Welcome> welcomes = new ConcurrentLinkedQueue<>();
  private final List<RecordedRequest> requests = new ArrayList<>();
  private final List<String> failedHandshakes = new CopyOnWriteArrayList<>();
  private final List<Throwable> surprises = new CopyOnWriteArrayList<>();
  private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch stalls = new CountDownLatch(1);
  private final Object plug = new Object();
  private ServerSocket listening;
  private Thread accepting = new Thread(() -> {});

  FaultyServer(Optional<Tls> tls) {
    this.tls = tls;
    this.listening = listen(0);
  }

  /** To be called at the end of the constructor. */
  final void start() {
    synchronized (plug) {
      ServerSocket from = listening;
      accepting = daemon("accept", () -> accept(from));
    }
  }

  /** The right answer to a request. */
  abstract Reply usual(RecordedRequest request);

  /** The right answer to a request if it were one for the whole. */
  abstract Reply whole(RecordedRequest request);

  /** What is answered before anything else is looked at, if it is. */
  abstract Optional<Reply> refusal(RecordedRequest request);

  /** The port. */
  public final int port() {
    synchronized (plug) {
      return listening.getLocalPort();
    }
  }

  /** Address and port. */
  public final String name() {
    return name("127.0.0.1");
  }

  /** Another name of this machine and the port. */
  public final String name(String host) {
    return host + ":" + port();
  }

  /** Scheme, address and port. */
  public final String url() {
    return (tls.isPresent() ? "https://" : "http://") + name();
  }

  /**
   * Plans what happens to requests.
   *
   * @param what a path such as {@code /v2/team/it/manifests/1}, with or without a method and a
   *     space before it, and a query after it; {@code *} at its end stands for anything. The most
   *     exact one counts
   */
  public final Script on(String what) {
    return scripts.computeIfAbsent(what, key -> new Script());
  }

  /** Treats the next connections in these ways. */
  public final void welcome(Welcome... next) {
    welcomes.addAll(List.of(next));
  }

  /** What it was asked, in order. */
  public final List<RecordedRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** What it was asked with this path, in order. */
  public final List<RecordedRequest> requests(String path) {
    return requests().stream().filter(r -> r.path().equals(path)).toList();
  }

  /** Methods and paths of what it was asked, in order. */
  public final List<String> lines() {
    return requests().stream().map(RecordedRequest::line).toList();
  }

  /** Forgets what it was asked. */
  public final void forgetRequests() {
    synchronized (requests) {
      requests.clear();
    }
  }

  /** Waits until it was asked for a path so many times. */
  public final void awaitRequests(String path, int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
    synchronized (requests) {
      while (requests(path).size() < count) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError("no " + count + " requests for " + path + ": " + lines());
        }
        TimeUnit.NANOSECONDS.timedWait(requests, left);
      }
    }
  }

  /** How many connections it accepted. */
  public final int connections() {
    return accepted.get();
  }

  /** How many connections are there now. */
  public final int openConnections() {
    return open.size();
  }

  /** Why handshakes of TLS failed. */
  public final List<String> failedHandshakes() {
    return List.copyOf(failedHandshakes);
  }

  /** Lets all stalled answers go on, also those to come. */
  public final void releaseStalls() {
    stalls.countDown();
  }

  /** Resets all connections and accepts no more. */
  public final void unplug() {
    Thread unplugged;
    synchronized (plug) {
      unplugged = accepting;
      try {
        listening.close();
        for (ServerConnection connection : open) {
          connection.reset();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    try {
      // As long as a thread waits for them, the kernel goes on accepting connections.
      unplugged.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Accepts connections again, at the same port. */
  public final void plugIn() {
    synchronized (plug) {
      listening = listen(listening.getLocalPort());
      start();
    }
  }

  /** Unplugs it. Fails if something went wrong that was not planned. */
  @Override
  public final void close() {
    closed.countDown();
    unplug();
    if (!surprises.isEmpty()) {
      AssertionError error = new AssertionError("a behaviour failed: " + surprises.get(0));
      surprises.forEach(error::addSuppressed);
      throw error;
    }
  }

  final boolean closed() {
    return closed.getCount() == 0;
  }

  final CountDownLatch stalls() {
    return stalls;
  }

  final void pause(Duration time) throws IOException {
    try {
      if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException("the server is closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private static ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, "faulty-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        Socket tcp = from.accept();
        ServerConnection connection = new ServerConnection(accepted.incrementAndGet(), tcp, this);
        synchronized (plug) {
          if (from.isClosed()) {
            connection.reset();
            return;
          }
          open.add(connection);
        }
        daemon("connection", () -> serve(connection));
      }
    } catch (IOException e) {
      // Unplugged.
    }
  }

  private void serve(ServerConnection connection) {
    try {
      if (welcome(connection)) {
        boolean more = true;
        while (more) {
          Optional<RecordedRequest> request = connection.read();
          more = request.isPresent() && answer(connection, request.get());
        }
      }
      connection.close();
    } catch (IOException e) {
      // One of both sides has ended it.
    } catch (RuntimeException | Error e) {
      surprises.add(e);
    } finally {
      open.remove(connection);
      end(connection);
    }
  }

  private static void end(ServerConnection connection) {
    try {
      connection.cut();
    } catch (IOException e) {
      // It has ended.
    }
  }

  /** Whether requests may come. */
  private boolean welcome(ServerConnection connection) throws IOException {
    Welcome welcome = welcomes.poll();
    switch (welcome == null ? Welcome.NORMAL : welcome) {
      case RESET -> connection.reset();
      case CLOSE -> connection.close();
      case SILENCE -> connection.ignore();
      case GARBAGE -> {
        connection.write(new byte[] {'?', '!', 0, 1, '\r', '\n', '\r', '\n'}, 0, 8);
        connection.drain();
      }
      case NORMAL -> {
        return tls.isEmpty() || secure(connection, tls.get());
      }
    }
    return false;
  }

  private boolean secure(ServerConnection connection, Tls how) throws IOException {
    Optional<InputStream> greeting = connection.greeting();
    if (greeting.isEmpty()) {
      return false;
    }
    SSLSocket socket =
        (SSLSocket)
            how.context().getSocketFactory().createSocket(connection.tcp(), greeting.get(), false);
    socket.setNeedClientAuth(how.clientsNeedCertificate());
    try {
      connection.secure(socket);
      return true;
    } catch (IOException e) {
      // Of the client's alert, and the reset that may follow it, either can be seen first.
      failedHandshakes.add(String.valueOf(e.getMessage()));
      connection.drain();
      return false;
    }
  }

  private boolean answer(ServerConnection connection, RecordedRequest request) throws IOException {
    Behaviour behaviour;
    // Who sees that a request has come can rely on what is planned for the next one.
    synchronized (requests) {
      Optional<Reply> refusal = refusal(request);
      behaviour =
          refusal.isPresent()
              ? Answers.reply(refusal.get())
              : planned(request).orElse(Answers.ok());
      requests.add(request);
      requests.notifyAll();
    }
    Exchange exchange = new Exchange(this, connection, request);
    behaviour.on(exchange);
    return !exchange.last();
  }

  private Optional<Behaviour> planned(RecordedRequest request) {
    String path = request.path();
    for (String what :
        List.of(
            request.method() + " " + request.target(),
            request.method() + " " + path,
            request.target(),
            path)) {
      Optional<Behaviour> behaviour = take(what);
      if (behaviour.isPresent()) {
        return behaviour;
      }
    }
    return scripts.keySet().stream()
        .filter(key -> key.endsWith("*"))
        .filter(
            key -> {
              String start = key.substring(0, key.length() - 1);
              return path.startsWith(start) || request.line().startsWith(start);
            })
        .sorted((a, b) -> b.length() - a.length())
        .flatMap(key -> take(key).stream())
        .findFirst();
  }

  private Optional<Behaviour> take(String what) {
    Script script = scripts.get(what);
    return script == null ? Optional.empty() : script.take();
  }
}
