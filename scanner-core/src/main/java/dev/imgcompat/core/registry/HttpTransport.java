package dev.imgcompat.core.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.StandardAuthScheme;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;
import org.apache.hc.core5.util.Timeout;

/**
 * The one HTTP client for a registry, its token server and its blob stores: time-outs, a bounded
 * pool, proxies, nothing done behind our back. Safe for use by several threads.
 */
final class HttpTransport {
  /** What a refusal may have to say. */
  private static final int LITTLE_BYTES = 64 << 10;

  private static final int MAX_HEADER_LINE = 64 << 10;
  private static final int MAX_HEADERS = 200;

  private final RegistrySettings settings;
  private final ProxyChoice proxies;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor watch;

  /** Bodies that somebody may be waiting for. */
  private final Set<GuardedStream> awaited = ConcurrentHashMap.newKeySet();

  /**
   * Creates a client.
   *
   * @param userAgent to introduce itself with
   */
  HttpTransport(String userAgent, RegistrySettings settings, TlsSocketStrategy tls) {
    this.settings = settings;
    this.proxies = new ProxyChoice(settings.proxies());
    Timeout connect = Timeout.of(settings.timeouts().connect());
    Timeout stall = Timeout.of(settings.timeouts().stall());
    this.client =
        HttpClients.custom()
            .setUserAgent(userAgent)
            .setRoutePlanner(new Routes())
            .setDefaultCredentialsProvider(proxyCredentials())
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setTlsSocketStrategy(tls)
                    .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder()
                            .http1Config(
                                Http1Config.custom()
                                    .setMaxLineLength(MAX_HEADER_LINE)
                                    .setMaxHeaderCount(MAX_HEADERS)
                                    .build())
                            .build())
                    .setMaxConnTotal(2 * settings.pace().connections())
                    .setMaxConnPerRoute(settings.pace().connections())
                    .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(connect).build())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(connect)
                            .setSocketTimeout(stall)
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setAuthenticationEnabled(hasProxyCredentials())
                    .setProxyPreferredAuthSchemes(List.of(StandardAuthScheme.BASIC))
                    .setRedirectsEnabled(false)
                    .setConnectionRequestTimeout(Timeout.of(settings.timeouts().overall()))
                    .setResponseTimeout(stall)
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            // A blob's bytes are what its digest is of; nobody else may decompress them.
            .disableContentCompression()
            .build();
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
          client.executeOpen(
              new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort()), request, context);
      if (whole || response.getCode() >= HttpStatus.SC_REDIRECTION) {
        takeIn(response);
      }
      if (isOfProxy(uri, response, context)) {
        throw ofProxy(response, proxy(uri).orElseThrow());
      }
      return response;
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
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    return proxies.of(uri.getScheme(), uri.getHost(), port).map(HttpTransport::host);
  }

  /** A proxy that refuses to connect answers in the place of the server. */
  private boolean isOfProxy(URI uri, ClassicHttpResponse response, HttpClientContext context) {
    boolean refused = uri.getScheme().equals("https") && context.getSSLSession() == null;
    boolean asks = response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED;
    return (refused || asks) && proxy(uri).isPresent();
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

  private static HttpHost host(URI proxy) {
    return new HttpHost("http", proxy.getHost(), proxy.getPort() >= 0 ? proxy.getPort() : 80);
  }

  /** Those are the only ones that it knows. */
  private boolean hasProxyCredentials() {
    return Stream.of(settings.proxies().forHttps(), settings.proxies().forHttp())
        .flatMap(Optional::stream)
        .anyMatch(proxy -> proxy.getUserInfo() != null);
  }

  private BasicCredentialsProvider proxyCredentials() {
    BasicCredentialsProvider provider = new BasicCredentialsProvider();
    for (Optional<URI> proxy :
        List.of(settings.proxies().forHttps(), settings.proxies().forHttp())) {
      if (proxy.isPresent() && proxy.get().getUserInfo() != null) {
        String info = proxy.get().getUserInfo();
        int colon = info.indexOf(':');
        provider.setCredentials(
            new AuthScope(host(proxy.get())),
            new UsernamePasswordCredentials(
                colon < 0 ? info : info.substring(0, colon),
                (colon < 0 ? "" : info.substring(colon + 1)).toCharArray()));
      }
    }
    return provider;
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
    client.close(CloseMode.IMMEDIATE);
  }

  private final class Routes extends DefaultRoutePlanner {
    Routes() {
      super(DefaultSchemePortResolver.INSTANCE);
    }

    @Override
    protected HttpHost determineProxy(HttpHost target, HttpContext context) {
      return proxies
          .of(target.getSchemeName(), target.getHostName(), target.getPort())
          .map(HttpTransport::host)
          .orElse(null);
    }
  }
}
