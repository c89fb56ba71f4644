package dev.imgcompat.core.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;

/**
 * The one HTTP client for a registry, its token server and its blob stores: time-outs, a bounded
 * pool, proxies, nothing done behind our back. Safe for use by several threads.
 */
final class HttpTransport {
  /** What a refusal may have to say. */
  private static final int LITTLE_BYTES = 64 << 10;

  private final RegistrySettings settings;
  private final Gate gate;
  private final IntConsumer statuses;
  private final Routes routes;
  private final ScheduledThreadPoolExecutor watch;

  /** Bodies that somebody may be waiting for. */
  private final Set<GuardedStream> awaited = ConcurrentHashMap.newKeySet();

  /**
   * Creates a client.
   *
   * @param userAgent to introduce itself with
   * @param gate is asked before anything is sent, and before anything is connected to
   * @param statuses is told the status of each answer
   */
  HttpTransport(
      String userAgent,
      RegistrySettings settings,
      TlsSocketStrategy tls,
      Gate gate,
      IntConsumer statuses) {
    this.settings = settings;
    this.gate = gate;
    this.statuses = statuses;
    this.routes = new Routes(userAgent, settings, tls, gate);
    this.watch =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "registry-watch");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
    long interval = Math.max(20, Math.min(1000, settings.timeouts().stall().toMillis() / 4));
    var unused =
        watch.scheduleWithFixedDelay(
            () -> awaited.forEach(GuardedStream::look), interval, interval, TimeUnit.MILLISECONDS);
  }

  /**
   * The body of a response, guarded.
   *
   * @param deadline by which it must be there
   */
  GuardedStream body(ClassicHttpResponse response, Deadline deadline) throws IOException {
    HttpEntity entity = response.getEntity();
    InputStream body = entity == null ? InputStream.nullInputStream() : entity.getContent();
    AtomicReference<GuardedStream> self = new AtomicReference<>();
    GuardedStream guarded =
        new GuardedStream(
            body,
            settings.timeouts(),
            deadline,
            () -> discard(response),
            () -> awaited.remove(self.get()));
    self.set(guarded);
    awaited.add(guarded);
    return guarded;
  }

  /**
   * Sends a request; the caller closes the response, or discards it.
   *
   * @throws SocketTimeoutException also if the head of the answer comes too slowly
   * @throws UnreachableException if it must not be sent there
   */
  ClassicHttpResponse send(HttpUriRequestBase request) throws IOException {
    return send(request, false);
  }

  /** Asks for no more than the status. */
  int status(URI uri) throws IOException {
    ClassicHttpResponse response = send(new HttpGet(uri), true);
    discard(response);
    return response.getCode();
  }

  private ClassicHttpResponse send(HttpUriRequestBase request, boolean whole) throws IOException {
    URI uri;
    try {
      uri = request.getUri();
    } catch (URISyntaxException e) {
      throw new BadAnswer("an address that is none");
    }
    gate.check(uri);
    Optional<HttpHost> proxy = proxy(uri);
    HttpClientContext context = HttpClientContext.create();
    long patience =
        2 * settings.timeouts().connect().toMillis() + settings.timeouts().stall().toMillis();
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> alarm = null;
    try {
      // Time-outs of sockets begin anew with each byte.
      alarm =
          watch.schedule(
              () -> {
                late.set(true);
                request.cancel();
              },
              patience,
              TimeUnit.MILLISECONDS);
      ClassicHttpResponse response =
          routes
              .through(proxy)
              .executeOpen(
                  new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort()), request, context);
      if (whole || response.getCode() >= HttpStatus.SC_REDIRECTION) {
        takeIn(response);
      }
      if (proxy.isPresent() && isOfProxy(uri, response, context)) {
        throw ofProxy(response, proxy.get());
      }
      statuses.accept(response.getCode());
      return response;
    } catch (Gate.NoneAllowed e) {
      throw e.refusal();
    } catch (IOException e) {
      throw late.get() ? new SocketTimeoutException("it did not answer") : e;
    } catch (RuntimeException e) {
      // HttpClient has those for what servers send, and for requests that are cancelled.
      throw late.get()
          ? new SocketTimeoutException("it did not answer")
          : new BadAnswer("what it answers cannot be understood");
    } finally {
      if (alarm != null) {
        alarm.cancel(false);
      }
    }
  }

  /**
   * Reads what comes with a refusal or a redirect at once, so that the connection can be used
   * again; not if that is much.
   */
  private static void takeIn(ClassicHttpResponse response) throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return;
    }
    byte[] body;
    try {
      InputStream content = entity.getContent();
      body = content.readNBytes(LITTLE_BYTES);
      if (body.length == LITTLE_BYTES && content.read() >= 0) {
        discard(response);
      }
    } catch (IOException e) {
      discard(response);
      throw e;
    }
    response.setEntity(new ByteArrayEntity(body, null));
  }

  /** The proxy through which an address is asked, as {@code HOST:PORT}. */
  Optional<HttpHost> proxy(URI uri) {
    return routes.proxy(uri);
  }

  /** A proxy that refuses to connect answers in the place of the server. */
  private static boolean isOfProxy(
      URI uri, ClassicHttpResponse response, HttpClientContext context) {
    boolean refused = uri.getScheme().equals("https") && context.getSSLSession() == null;
    boolean asks = response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED;
    return refused || asks;
  }

  private static IOException ofProxy(ClassicHttpResponse response, HttpHost proxy) {
    int status = response.getCode();
    discard(response);
    String said = "the proxy " + proxy.toHostString() + " answered status " + status;
    if (status == 407) {
      return new BadAnswer(said + ": it wants other credentials, or some, in its URL");
    }
    return status >= 500
        ? new TryLater(status, Optional.empty(), said)
        : new BadAnswer(said + ", and lets us not through");
  }

  /** Is done with a response; drops the connection unless it was read to its end. */
  static void discard(ClassicHttpResponse response) {
    if (response instanceof ModalCloseable closeable) {
      // A mere close would read what is left, however much that is, and however slowly it comes.
      closeable.close(CloseMode.IMMEDIATE);
    }
  }

  void close() {
    watch.shutdownNow();
    routes.close();
  }
}
