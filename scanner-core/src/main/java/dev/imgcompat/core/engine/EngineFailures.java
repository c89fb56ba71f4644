package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.ScanException.EngineUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Says in one line what an engine's answer, or its silence, means. */
final class EngineFailures {
  private static final Pattern IMAGE_ID = Pattern.compile("(sha256:)?[a-f0-9]{12,64}");

  private static final int MAX_BODY = 64 << 10;
  private static final int MAX_MESSAGE = 300;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private EngineFailures() {}

  /** The failure that an answer about an image means. */
  static ScanException of(
      ClassicHttpResponse response,
      EngineEndpoint endpoint,
      String name,
      Optional<Platform> platform) {
    String engine = "the Docker engine at " + endpoint;
    Optional<String> message = message(response);
    int status = response.getCode();
    if (status == 404) {
      if (platform.isPresent() && message.filter(m -> m.contains("platform")).isPresent()) {
        return new ScanException.PlatformMissing(
            engine + " has '" + name + "', but not for " + platform.get() + ": " + message.get());
      }
      return new ScanException.NotFound(
          engine
              + " has no image '"
              + name
              + "'"
              + (IMAGE_ID.matcher(name).matches()
                  ? ": docker images --no-trunc lists the ids that there are"
                  : ": docker pull it, or name the registry's with docker://" + name));
    }
    // Another engine may have taken the place of the one that was asked for its version.
    if (status == 400 && message.filter(m -> !m.contains("API version")).isPresent()) {
      return new ScanException.InvalidReference(
          engine + " does not take '" + name + "': " + message.get());
    }
    return of(status, message, endpoint, "the request for '" + name + "'");
  }

  /** The failure that another answer means. */
  static ScanException of(ClassicHttpResponse response, EngineEndpoint endpoint, String what) {
    return of(response.getCode(), message(response), endpoint, what);
  }

  private static ScanException of(
      int status, Optional<String> message, EngineEndpoint endpoint, String what) {
    String said =
        "the Docker engine at "
            + endpoint
            + " answered status "
            + status
            + " to "
            + what
            + message.map(m -> ": " + m).orElse("");
    if (status == 401 || status == 403) {
      return new ScanException.AccessDenied(said);
    }
    if (!endpoint.isSecure() && message.filter(m -> m.contains("HTTPS server")).isPresent()) {
      return EngineUnavailable.misconfigured(
          "the Docker engine at "
              + endpoint
              + " speaks TLS: set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the directory of"
              + " ca.pem, cert.pem and key.pem");
    }
    return new EngineUnavailable(said, null);
  }

  /** The failure to get an answer. */
  static ScanException unavailable(EngineEndpoint endpoint, String what, IOException cause) {
    if (endpoint.socket().isPresent()) {
      Path socket = endpoint.socket().get();
      if (Files.notExists(socket)) {
        return new EngineUnavailable(
            "there is no Docker engine at "
                + endpoint
                + ": start it, or say where it is with DOCKER_HOST",
            cause);
      }
      if (!Files.isWritable(socket)) {
        return new ScanException.AccessDenied(
            "the Docker engine at "
                + endpoint
                + " does not let this user in: join the group that owns the socket (docker, as a"
                + " rule), or use sudo");
      }
    }
    if (cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException)) {
      return new EngineUnavailable(
          "no Docker engine listens at "
              + endpoint
              + ": start it, or say where it is with DOCKER_HOST",
          cause);
    }
    return new EngineUnavailable(
        "the Docker engine at "
            + endpoint
            + " could not be asked for "
            + what
            + ": "
            + reason(cause)
            + (mayWantCertificate(endpoint, cause)
                ? " (it may want a certificate: put cert.pem and key.pem beside ca.pem)"
                : ""),
        cause);
  }

  /** A server that wants one says so after the greeting, if at all before it hangs up. */
  private static boolean mayWantCertificate(EngineEndpoint endpoint, IOException cause) {
    boolean hungUp = cause instanceof SocketException || cause instanceof NoHttpResponseException;
    boolean alert =
        cause instanceof SSLException && ScanException.reason(cause).contains("fatal alert");
    return (hungUp || alert) && endpoint.tls().filter(t -> !t.identified()).isPresent();
  }

  static String reason(IOException cause) {
    if (cause instanceof UnknownHostException) {
      return "there is no host of that name";
    }
    if (cause instanceof ConnectTimeoutException) {
      return "no connection within the time limit";
    }
    if (cause instanceof HttpHostConnectException || cause instanceof ConnectException) {
      return "connection refused";
    }
    if (cause instanceof SocketTimeoutException) {
      return "it was silent for too long";
    }
    if (cause instanceof InterruptedIOException) {
      return "interrupted";
    }
    if (cause instanceof NoHttpResponseException) {
      return "it closed the connection without an answer";
    }
    if (cause instanceof ConnectionClosedException) {
      return "the connection ended early";
    }
    if (cause instanceof SSLException) {
      return "TLS failed: " + oneLine(ScanException.reason(cause));
    }
    return oneLine(ScanException.reason(cause));
  }

  /** Text of strangers as one printable line of bounded length. */
  static String oneLine(String text) {
    String line = Printable.of(text.strip().replaceAll("\\s+", " "));
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
  }

  private static Optional<String> message(ClassicHttpResponse response) {
    if (response.getEntity() == null) {
      return Optional.empty();
    }
    byte[] body;
    try {
      body = response.getEntity().getContent().readNBytes(MAX_BODY);
    } catch (IOException e) {
      return Optional.empty();
    }
    return said(body).filter(m -> !m.isBlank()).map(EngineFailures::oneLine);
  }

  private static Optional<String> said(byte[] body) {
    try {
      JsonNode json = MAPPER.readTree(body);
      if (json.isObject()) {
        return Optional.of(json.path("message").asString(""));
      }
    } catch (JacksonException e) {
      // Old engines, and what stands before others, answer with text.
    }
    String text = new String(body, StandardCharsets.UTF_8);
    return text.stripLeading().startsWith("<") ? Optional.empty() : Optional.of(text);
  }
}
