package dev.imgcompat.core.registry;

import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Where registries are. All are asked over https; one on the loopback interface that does not speak
 * it is asked over plain http, as docker does.
 */
final class Endpoints {
  private static final String DOCKER_HUB = "https://registry-1.docker.io";

  private final HttpTransport transport;
  private final Map<String, URI> known = new ConcurrentHashMap<>();

  Endpoints(HttpTransport transport) {
    this.transport = transport;
  }

  URI of(String registry) throws IOException {
    URI endpoint = known.get(registry);
    if (endpoint == null) {
      endpoint = find(registry);
      known.put(registry, endpoint);
    }
    return endpoint;
  }

  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  private URI find(String registry) throws IOException {
    if (registry.equals("docker.io")) {
      return URI.create(DOCKER_HUB);
    }
    URI secure = URI.create("https://" + registry);
    if (secure.getHost() == null || !isLoopback(secure.getHost())) {
      return secure;
    }
    try {
      HttpTransport.discard(transport.send(new HttpGet(secure.resolve("/v2/"))));
      return secure;
    } catch (SSLException | SocketException | NoHttpResponseException e) {
      return URI.create("http://" + registry);
    }
  }
}
