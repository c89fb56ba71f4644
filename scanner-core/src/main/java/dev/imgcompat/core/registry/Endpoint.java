package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.RegistryListener;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Where a registry is, and which scheme it speaks: https. But one on the loopback interface may
 * speak plain http, as with docker; and so may one that is named insecure, if it does not speak
 * https. There, a certificate that proves nothing is put up with, too. Safe for use by several
 * threads.
 */
final class Endpoint {
  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

  private final String registry;
  private final boolean insecure;
  private final RegistryListener listener;
  private volatile @Nullable URI known;

  Endpoint(String registry, boolean insecure, RegistryListener listener) {
    this.registry = registry;
    this.insecure = insecure;
    this.listener = listener;
  }

  /** How it is asked over https. */
  static URI https(String registry) {
    return URI.create("https://" + (registry.equals(DOCKER_HUB) ? DOCKER_HUB_HOST : registry));
  }

  static boolean isLoopback(@Nullable String host) {
    return host != null
        && (host.equals("localhost")
            || host.equals("[::1]")
            || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}"));
  }

  /** The address to put paths behind; asks the registry where that is not yet known. */
  URI find(HttpTransport transport, TlsChoice tls) throws IOException {
    URI found = known;
    if (found == null) {
      URI https = https(registry);
      if (isLoopback(https.getHost())) {
        found = onLoopback(https, transport, tls);
      } else {
        found = insecure ? ofInsecure(https, transport, tls) : https;
      }
      known = found;
    }
    return found;
  }

  /**
   * Plain http is tried first: a server of it may wait for ever for the rest of a TLS greeting,
   * while one of https refuses a plain request at once.
   */
  private URI onLoopback(URI https, HttpTransport transport, TlsChoice tls) throws IOException {
    URI plain = plain();
    IOException failure = new BadAnswer("it speaks neither http nor https");
    try {
      // What servers of https say to a request that is not encrypted.
      if (status(plain, transport) != HttpStatus.SC_BAD_REQUEST) {
        return plain;
      }
    } catch (ConnectException e) {
      throw e;
    } catch (IOException e) {
      failure = e;
    }
    if (insecure) {
      Optional<URI> encrypted = encrypted(https, transport, tls);
      if (encrypted.isPresent()) {
        return encrypted.get();
      }
      throw failure;
    }
    try {
      status(https, transport);
    } catch (SSLException e) {
      if (!Failures.isAboutTrust(e)) {
        throw failure;
      }
    } catch (IOException e) {
      throw failure;
    }
    return https;
  }

  private URI ofInsecure(URI https, HttpTransport transport, TlsChoice tls) throws IOException {
    Optional<URI> encrypted = encrypted(https, transport, tls);
    if (encrypted.isPresent()) {
      return encrypted.get();
    }
    URI plain = plain();
    status(plain, transport);
    listener.warning(
        "registry " + registry + " is asked over plain http, which anybody between can change");
    return plain;
  }

  /** Its https, if it has one, with a certificate that proves its name or, else, with any. */
  private Optional<URI> encrypted(URI https, HttpTransport transport, TlsChoice tls)
      throws IOException {
    try {
      status(https, transport);
      return Optional.of(https);
    } catch (UnknownHostException e) {
      throw e;
    } catch (SSLException e) {
      if (!Failures.isAboutCertificate(e)) {
        return Optional.empty();
      }
      tls.trustAnyRegistry();
      status(https, transport);
      listener.warning(
          "the certificate of registry "
              + registry
              + " proves nothing ("
              + Failures.reason(e)
              + "): it is asked nevertheless, since it is named insecure");
      return Optional.of(https);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private URI plain() {
    return URI.create("http://" + https(registry).getRawAuthority());
  }

  private static int status(URI endpoint, HttpTransport transport) throws IOException {
    return transport.status(endpoint.resolve("/v2/"));
  }
}
