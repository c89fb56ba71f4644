package dev.imgcompat.core.registry;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Where registries are. All are asked over https, but for one on the loopback interface that speaks
 * plain http, as docker does. There, plain http is tried first: a server of it may wait for ever
 * for the rest of a TLS greeting, while one of https refuses a plain request at once.
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
    URI plain = URI.create("http://" + registry);
    try (Answer answer = new Answer(transport.send(new HttpGet(plain.resolve("/v2/"))))) {
      ClassicHttpResponse response = answer.response();
      // What servers of https say to a request that is not encrypted.
      return response.getCode() == HttpStatus.SC_BAD_REQUEST ? secure : plain;
    } catch (ConnectException e) {
      throw e;
    } catch (IOException e) {
      return secure;
    }
  }
}
