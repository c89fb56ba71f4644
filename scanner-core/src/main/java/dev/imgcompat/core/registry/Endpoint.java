package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.RegistryName;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
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
  private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

  private static final int MAX_PORT = 65_535;

  private final String registry;
  private final URI https;
  private final boolean insecure;
  private final RegistryListener listener;
  private volatile @Nullable URI known;

  Endpoint(String registry, URI https, boolean insecure, RegistryListener listener) {
    this.registry = registry;
    this.https = https;
    this.insecure = insecure;
    this.listener = listener;
  }

  /**
   * How it is asked over https.
   *
   * @throws ScanException.InvalidReference if that cannot be the name of a registry
   */
  static URI https(String registry) throws ScanException.InvalidReference {
    try {
      URI address =
          new URI(
              "https://" + (registry.equals(RegistryName.DOCKER_HUB) ? DOCKER_HUB_HOST : registry));
      if (address.getHost() != null && address.getPort() <= MAX_PORT) {
        return address;
      }
    } catch (URISyntaxException e) {
      // As below.
    }
    throw new ScanException.InvalidReference(
        "'" + registry + "' cannot be the name of a registry: write HOST or HOST:PORT");
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
      if (isLoopback(https.getHost())) {
        found = onLoopback(transport, tls);
      } else {
        found = insecure ? ofInsecure(transport, tls) : https;
      }
      known = found;
    }
    return found;
  }

  /**
   * Plain http is tried first: a server of it may wait for ever for the rest of a TLS greeting,
   * while one of https refuses a plain request at once, or redirects it.
   */
  private URI onLoopback(HttpTransport transport, TlsChoice tls) throws IOException {
    URI plain = plain();
    IOException failure = null;
    try {
      int status = status(plain, transport);
      if (isOfRegistry(status)) {
        return plain;
      }
      if (status == HttpStatus.SC_BAD_REQUEST && !insecure) {
        return https; // which is what servers of it say to a request that is not encrypted
      }
    } catch (UnreachableException e) {
      throw e; // which tells nothing of what it speaks
    } catch (ConnectException e) {
      if (https.getPort() >= 0) {
        throw e; // with https it would be the same port
      }
      failure = e;
    } catch (IOException e) {
      failure = e;
    }
    if (hasHttps(transport, tls)) {
      return https;
    }
    if (failure != null) {
      throw failure;
    }
    return plain;
  }

  private boolean hasHttps(HttpTransport transport, TlsChoice tls) throws UnreachableException {
    try {
      if (insecure) {
        return encrypted(transport, tls).isPresent();
      }
      status(https, transport);
      return true;
    } catch (UnreachableException e) {
      throw e;
    } catch (SSLException e) {
      return Failures.isAboutTrust(e);
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      // So do servers of TLS hang up on those without a certificate.
      return e instanceof SocketException;
    }
  }

  private URI ofInsecure(HttpTransport transport, TlsChoice tls) throws IOException {
    Optional<URI> encrypted = encrypted(transport, tls);
    if (encrypted.isPresent()) {
      return encrypted.get();
    }
    URI plain = plain();
    int status = status(plain, transport);
    if (!isOfRegistry(status)) {
      throw new BadAnswer(
          "it does not speak https, and answers status " + status + " over plain http");
    }
    listener.warning(
        "registry " + registry + " is asked over plain http, which anybody between can change");
    return plain;
  }

  /** What registries answer to the first question: welcome, or who are you? */
  private static boolean isOfRegistry(int status) {
    return status == HttpStatus.SC_OK
        || status == HttpStatus.SC_UNAUTHORIZED
        || status == HttpStatus.SC_FORBIDDEN
        || status == HttpStatus.SC_NOT_FOUND;
  }

  /**
   * Its https, if it has one, with a certificate that proves its name or, else, with any. A
   * connection that breaks tells nothing, but fails.
   */
  private Optional<URI> encrypted(HttpTransport transport, TlsChoice tls) throws IOException {
    try {
      status(https, transport);
      return Optional.of(https);
    } catch (ConnectException | SocketTimeoutException | BadAnswer | TryLater e) {
      // Nobody is there, which a proxy may say; or it waits for the rest of a request.
      return Optional.empty();
    } catch (SSLException e) {
      if (Failures.isPlain(e)) {
        return Optional.empty();
      }
      if (!Failures.isAboutCertificate(e)) {
        throw e;
      }
      // Said before it is done: nothing is put up with in silence.
      listener.warning(
          "the certificate of registry "
              + registry
              + " proves nothing ("
              + Failures.reason(e)
              + "): it is asked nevertheless, since it is named insecure");
      tls.trustAnyRegistry();
      status(https, transport);
      return Optional.of(https);
    }
  }

  private URI plain() {
    return URI.create("http://" + https.getRawAuthority());
  }

  private static int status(URI endpoint, HttpTransport transport) throws IOException {
    return transport.status(endpoint.resolve("/v2/"));
  }
}
