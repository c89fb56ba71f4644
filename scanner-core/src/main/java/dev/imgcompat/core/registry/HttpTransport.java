package dev.imgcompat.core.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;
import org.apache.hc.core5.util.Timeout;

/** The one HTTP client of a process: time-outs, a bounded pool, nothing done behind our back. */
final class HttpTransport {
  private static final Timeout CONNECT = Timeout.ofSeconds(15);

  /** How long a registry may be silent, within a response as well. */
  private static final Timeout SILENCE = Timeout.ofSeconds(60);

  /** Less to read than a new connection costs. */
  private static final int LITTLE_BYTES = 64 << 10;

  private static final int CONNECTIONS = 32;
  private static final int CONNECTIONS_PER_HOST = 8;

  private final CloseableHttpClient client;

  HttpTransport(String userAgent) {
    this.client =
        HttpClients.custom()
            .useSystemProperties()
            .setUserAgent(userAgent)
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .useSystemProperties()
                    .setMaxConnTotal(CONNECTIONS)
                    .setMaxConnPerRoute(CONNECTIONS_PER_HOST)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(CONNECT)
                            .setSocketTimeout(SILENCE)
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setAuthenticationEnabled(false)
                    .setRedirectsEnabled(false)
                    .setConnectionRequestTimeout(Timeout.ofMinutes(10))
                    .setResponseTimeout(SILENCE)
                    .build())
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            // A blob's bytes are what its digest is of; nobody else may decompress them.
            .disableContentCompression()
            .build();
  }

  /** Sends a request; the caller closes the response. */
  ClassicHttpResponse send(HttpGet request) throws IOException {
    try {
      URI uri = request.getUri();
      return client.executeOpen(
          new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort()), request, null);
    } catch (URISyntaxException e) {
      throw new IOException(e.getReason(), e);
    }
  }

  /** Is done with a response: reads what is left if that is little, or drops the connection. */
  static void discard(ClassicHttpResponse response) {
    HttpEntity entity = response.getEntity();
    boolean little =
        entity == null
            || (entity.getContentLength() >= 0 && entity.getContentLength() <= LITTLE_BYTES);
    if (!little && response instanceof ModalCloseable closeable) {
      // A mere close would read what is left, however much that is.
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
}
