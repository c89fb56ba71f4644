package dev.imgcompat.core.engine;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP to one engine. Every request has a connection of its own: an engine is near, and nothing
 * needs to be sent again because a kept connection had gone stale.
 */
final class EngineTransport {
  private static final int CONNECTIONS = 64;

  /** The host that docker's own client names where there is none, at a socket. */
  private static final String NO_HOST = "api.moby.localhost";

  private final EngineEndpoint endpoint;
  private final EngineTimes times;
  private final HttpHost host;
  private final String base;
  private final CloseableHttpClient client;

  EngineTransport(EngineEndpoint endpoint, String userAgent, EngineTimes times) {
    this.endpoint = endpoint;
    this.times = times;
    if (endpoint.host() instanceof EngineHost.Address address) {
      this.host =
          new HttpHost(endpoint.isSecure() ? "https" : "http", address.name(), address.port());
      this.base = address.basePath();
    } else {
      this.host = new HttpHost("http", NO_HOST, -1);
      this.base = "";
    }
    this.client =
        HttpClients.custom()
            .setUserAgent(userAgent)
            .setConnectionManager(connections())
            .setConnectionReuseStrategy((request, response, context) -> false)
            .setRequestExecutor(new Executor(timeout(times.silence())))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setAuthenticationEnabled(false)
                    .setRedirectsEnabled(false)
                    .setConnectionRequestTimeout(Timeout.ofMinutes(10))
                    .build())
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .build();
  }

  /**
   * Sends a GET; the caller discards the response.
   *
   * @param path with its query, encoded
   * @param start how long the engine may take to begin its answer
   */
  ClassicHttpResponse get(String path, Duration start) throws IOException {
    HttpGet request = new HttpGet(URI.create(base + path));
    request.setConfig(RequestConfig.custom().setResponseTimeout(timeout(start)).build());
    return client.executeOpen(host, request, null);
  }

  EngineEndpoint endpoint() {
    return endpoint;
  }

  EngineTimes times() {
    return times;
  }

  /** Drops a response and its connection; a mere close would read what is left of it. */
  static void discard(ClassicHttpResponse response) {
    if (response instanceof ModalCloseable closeable) {
      closeable.close(CloseMode.IMMEDIATE);
      return;
    }
    try {
      response.close();
    } catch (IOException e) {
      // The connection is dropped either way.
    }
  }

  void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  private HttpClientConnectionManager connections() {
    ConnectionConfig config =
        ConnectionConfig.custom()
            .setConnectTimeout(timeout(times.connect()))
            .setSocketTimeout(timeout(times.silence()))
            .build();
    if (endpoint.socket().isPresent()) {
      PoolingHttpClientConnectionManager manager =
          new PoolingHttpClientConnectionManager(
              new UnixConnections(endpoint.socket().get()),
              PoolConcurrencyPolicy.STRICT,
              PoolReusePolicy.LIFO,
              TimeValue.NEG_ONE_MILLISECOND,
              ManagedHttpClientConnectionFactory.INSTANCE);
      manager.setDefaultConnectionConfig(config);
      manager.setMaxTotal(CONNECTIONS);
      manager.setDefaultMaxPerRoute(CONNECTIONS);
      return manager;
    }
    PoolingHttpClientConnectionManagerBuilder builder =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDefaultConnectionConfig(config)
            .setMaxConnTotal(CONNECTIONS)
            .setMaxConnPerRoute(CONNECTIONS);
    endpoint.tls().ifPresent(tls -> builder.setTlsSocketStrategy(strategy(tls)));
    return builder.build();
  }

  private static TlsSocketStrategy strategy(EngineTls tls) {
    return tls.verifies()
        ? new DefaultClientTlsStrategy(tls.context())
        : new DefaultClientTlsStrategy(
            tls.context(), HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE);
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.of(duration);
  }

  /** Once an answer has begun, the shorter time-out for its bytes holds. */
  private static final class Executor extends HttpRequestExecutor {
    private final Timeout silence;

    Executor(Timeout silence) {
      this.silence = silence;
    }

    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        HttpResponseInformationCallback callback,
        HttpContext context)
        throws IOException, HttpException {
      ClassicHttpResponse response = super.execute(request, connection, callback, context);
      connection.setSocketTimeout(silence);
      return response;
    }
  }
}
