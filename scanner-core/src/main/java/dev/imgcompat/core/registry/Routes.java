package dev.imgcompat.core.registry;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.StandardAuthScheme;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The ways to servers: one HTTP client that connects to them, and is told which of their addresses
 * it may, and another that only ever connects to proxies. Safe for use by several threads.
 */
final class Routes {
  private static final int MAX_HEADER_LINE = 64 << 10;
  private static final int MAX_HEADERS = 200;

  private final String userAgent;
  private final RegistrySettings settings;
  private final TlsSocketStrategy tls;
  private final Gate gate;
  private final ProxyChoice proxies;
  private final CloseableHttpClient direct;
  private @Nullable CloseableHttpClient proxied;
  private boolean closed;

  Routes(String userAgent, RegistrySettings settings, TlsSocketStrategy tls, Gate gate) {
    this.userAgent = userAgent;
    this.settings = settings;
    this.tls = tls;
    this.gate = gate;
    this.proxies = new ProxyChoice(settings.proxies());
    this.direct =
        client(gate.checkedAddresses())
            .setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE))
            .build();
  }

  /** The proxy through which an address is asked. */
  Optional<HttpHost> proxy(URI uri) {
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    return proxies.of(uri.getScheme(), uri.getHost(), port).map(Routes::host);
  }

  /** The client for what {@link #proxy} says. */
  CloseableHttpClient through(Optional<HttpHost> proxy) {
    return proxy.isEmpty() ? direct : proxied();
  }

  private synchronized CloseableHttpClient proxied() {
    if (proxied == null) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      proxied =
          client(gate.anyAddresses())
              .setRoutePlanner(new ThroughProxies())
              .setDefaultCredentialsProvider(proxyCredentials())
              .build();
    }
    return proxied;
  }

  private HttpClientBuilder client(DnsResolver names) {
    Timeout connect = Timeout.of(settings.timeouts().connect());
    Timeout stall = Timeout.of(settings.timeouts().stall());
    return HttpClients.custom()
        .setUserAgent(userAgent)
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(tls)
                .setDnsResolver(names)
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
        .disableContentCompression();
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

  synchronized void close() {
    closed = true;
    direct.close(CloseMode.IMMEDIATE);
    if (proxied != null) {
      proxied.close(CloseMode.IMMEDIATE);
    }
  }

  /** Leads nowhere but to proxies: addresses are not judged there. */
  private final class ThroughProxies extends DefaultRoutePlanner {
    ThroughProxies() {
      super(DefaultSchemePortResolver.INSTANCE);
    }

    @Override
    protected HttpHost determineProxy(HttpHost target, HttpContext context) throws HttpException {
      return proxy(URI.create(target.toURI()))
          .orElseThrow(() -> new ProtocolException("no proxy for " + target.getHostName()));
    }
  }
}
