package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Says in one line what a registry's answer, or its silence, means. */
final class Failures {
  private Failures() {}

  /** The failure that a status means; closes the response. */
  static ScanException of(ClassicHttpResponse response, InRegistry image, String what) {
    int status = response.getCode();
    HttpTransport.discard(response);
    String where = "registry " + image.registry();
    return switch (status) {
      case 401, 403 -> denied(image, status);
      case 404 ->
          new ScanException.NotFound(
              where + " does not have " + what + ", which the manifest lists");
      case 429 ->
          new ScanException.Unavailable(
              where + " limits the rate of requests (status 429): try again later", null);
      default ->
          new ScanException.Unavailable(
              where + " answered status " + status + " to the request for " + what, null);
    };
  }

  /** The registry does not let us pull. */
  static ScanException denied(InRegistry image, int status) {
    return new ScanException.AccessDenied(
        "registry "
            + image.registry()
            + " does not let us pull "
            + image.repository()
            + " (status "
            + status
            + "): there is no such repository, or it wants credentials, which this version does not"
            + " send");
  }

  /** There is no such repository. */
  static ScanException noRepository(InRegistry image) {
    return new ScanException.NotFound(
        "registry "
            + image.registry()
            + " has no repository "
            + image.repository()
            + ": check the spelling");
  }

  /** The repository has no such tag or digest; {@code tags} are some that it has. */
  static ScanException noManifest(InRegistry image, String qualifier, List<String> tags) {
    String named =
        qualifier.startsWith("sha256:") ? "manifest " + qualifier : "tag '" + qualifier + "'";
    return new ScanException.NotFound(
        "registry "
            + image.registry()
            + " has no "
            + named
            + " in repository "
            + image.repository()
            + (tags.isEmpty()
                ? ": check the spelling"
                : "; some that it has: " + String.join(", ", tags)));
  }

  /** The failure to get any answer. */
  static ScanException unavailable(String registry, String what, IOException cause) {
    return new ScanException.Unavailable(
        "registry " + registry + " could not be asked for " + what + ": " + reason(cause), cause);
  }

  /** Why there was no answer. */
  static String reason(IOException cause) {
    if (cause instanceof UnknownHostException) {
      return "there is no host of that name";
    }
    if (cause instanceof ConnectTimeoutException) {
      return "no connection within the time limit";
    }
    if (cause instanceof ConnectException) {
      return "connection refused";
    }
    if (cause instanceof SocketTimeoutException) {
      return "it was silent for too long";
    }
    if (cause instanceof NoHttpResponseException) {
      return "it closed the connection without an answer";
    }
    if (cause instanceof SSLException) {
      return "TLS failed: " + ScanException.reason(cause);
    }
    return ScanException.reason(cause);
  }
}
