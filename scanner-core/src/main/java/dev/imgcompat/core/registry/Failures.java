package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.ScanException.WhoseMove;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.jspecify.annotations.Nullable;

/** Says in one line what a registry's answer, or its silence, means, and whether it may pass. */
final class Failures {
  private static final int MAX_REASON = 300;
  private static final String CERTIFICATE_WANTED =
      ": if it wants a client certificate, give one with --client-cert and --client-key";
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private Failures() {}

  /** Throws where a status means that another try may be answered otherwise. */
  static void throwIfLater(ClassicHttpResponse response, String who, Masks masks) throws TryLater {
    int status = response.getCode();
    if (status != 408 && status != 429 && status < 500) {
      return;
    }
    String said = ErrorBody.message(response, masks).map(m -> " (\"" + m + "\")").orElse("");
    Optional<Duration> retryAfter = retryAfter(response);
    HttpTransport.discard(response);
    throw new TryLater(status, retryAfter, who + " answered status " + status + said);
  }

  private static Optional<Duration> retryAfter(ClassicHttpResponse response) {
    Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
    if (header == null) {
      return Optional.empty();
    }
    String value = header.getValue().strip();
    if (value.matches("\\d+")) {
      return Optional.of(value.length() > 9 ? FOR_EVER : Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), until);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The registry does not have what a manifest lists. */
  static ScanException notListed(String registry, String what) {
    return new ScanException.NotFound(
        "registry " + registry + " does not have " + what + ", which the manifest lists");
  }

  /** There is no such repository. */
  static ScanException noRepository(String repository, String registry) {
    return new ScanException.NotFound(
        "registry " + registry + " has no repository " + repository + ": check the spelling");
  }

  /** It does not list its repositories at all. */
  static ScanException noCatalog(String registry, String why) {
    return new ScanException.NotFound(
        "registry "
            + registry
            + " does not list its repositories ("
            + why
            + "): "
            + Denials.INSTEAD_OF_CATALOG);
  }

  /** There is no such thing in the API of its program. */
  static ScanException notInApi(String registry, String what, int status) {
    return new ScanException.NotFound(
        "registry " + registry + " does not have " + what + " (status " + status + ")");
  }

  /** It answers with what makes no sense, and would do so again. */
  static ScanException senseless(String registry, String what, String problem) {
    return ScanException.Unavailable.forGood(
        WhoseMove.REGISTRY,
        "registry " + registry + " was asked for " + what + ", but " + problem,
        new BadAnswer(problem));
  }

  /** The repository has no such tag or digest; {@code tags} are some that it has. */
  static ScanException noManifest(
      String repository, String registry, String qualifier, List<String> tags) {
    String named =
        qualifier.startsWith("sha256:") ? "manifest " + qualifier : "tag '" + qualifier + "'";
    return new ScanException.NotFound(
        "registry "
            + registry
            + " has no "
            + named
            + " in repository "
            + repository
            + (tags.isEmpty()
                ? ": check the spelling"
                : "; some that it has: " + String.join(", ", tags)));
  }

  /** Whoever runs this scanner did not allow somebody who would have to be asked. */
  static ScanException notAllowed(
      String registry, String what, UnreachableException why, Masks masks) {
    return new ScanException.NotAllowed(
        "registry " + registry + " is not asked for " + what + ": " + reason(why, masks));
  }

  /**
   * The failure to get an answer.
   *
   * @param toll what was tried, as {@link Tries#toll}
   * @param through the proxy in between, if there is one
   * @param masks hide what the cause repeats of what was sent
   * @param certificateWanted whether the registry asked for a certificate in vain
   */
  static ScanException unavailable(
      String registry,
      String what,
      IOException cause,
      String toll,
      Optional<String> through,
      Masks masks,
      boolean certificateWanted) {
    String who = "registry " + registry;
    if (cause instanceof TryLater later && later.isRateLimit()) {
      return new ScanException.Unavailable(
          who
              + " limits the rate of requests: "
              + reason(cause, masks)
              + toll
              + later
                  .retryAfter()
                  .map(d -> "; it wants to be left alone for " + duration(d))
                  .orElse("")
              + "; logged in, or with a lower request-rate, there may be more",
          null);
    }
    String message =
        who
            + " could not be asked for "
            + what
            + ": "
            + reason(cause, masks)
            + through.map(p -> " (through the proxy " + p + ")").orElse("")
            + toll;
    if (certificateWanted && isHangUp(cause)) {
      // Servers hang up on whoever has none; which word of theirs arrives is a matter of chance.
      message += CERTIFICATE_WANTED;
    }
    IOException shown = masks.masked(cause);
    if (isAboutTrust(cause)) {
      boolean theirs = find(cause, CertificateExpiredException.class) != null;
      return new ScanException.Untrusted(
          theirs ? WhoseMove.REGISTRY : WhoseMove.USER, message + advice(cause, registry), shown);
    }
    if (isPlain(cause)) {
      return ScanException.Unavailable.forGood(
          WhoseMove.USER,
          message + ": if that is meant to be so, allow it with --insecure " + registry,
          shown);
    }
    if (!mayPass(cause)) {
      boolean misspelt = cause instanceof UnknownHostException;
      return ScanException.Unavailable.forGood(
          misspelt ? WhoseMove.USER : WhoseMove.REGISTRY, message, shown);
    }
    return new ScanException.Unavailable(message, shown);
  }

  private static boolean isHangUp(IOException cause) {
    return cause instanceof SocketException
        || cause instanceof NoHttpResponseException
        || (cause instanceof SSLException && !isAboutTrust(cause));
  }

  private static String advice(IOException cause, String registry) {
    if (find(cause, CertificateExpiredException.class) != null) {
      return ": whoever runs it must renew it";
    }
    if (find(cause, CertificateNotYetValidException.class) != null) {
      return ": check the clock of this machine";
    }
    if (isAlert(cause)) {
      return CERTIFICATE_WANTED;
    }
    if (find(cause, CertPathBuilderException.class) != null
        || find(cause, CertPathValidatorException.class) != null) {
      return ": if that authority is to be trusted, name its certificate with --ca-cert "
          + registry
          + "=FILE";
    }
    return ": use the name that the certificate is for";
  }

  /** Why there was no answer from somebody who was shown nothing. */
  static String reason(IOException cause) {
    return reason(cause, new Masks());
  }

  /** Why there was no answer. */
  static String reason(IOException cause, Masks masks) {
    if (cause instanceof UnknownHostException) {
      return mayPass(cause)
          ? "its name could not be looked up just now"
          : "there is no host of that name";
    }
    if (cause instanceof ConnectTimeoutException) {
      return "no connection within the time limit";
    }
    if (cause instanceof ConnectException) {
      return "connection refused";
    }
    if (cause instanceof SocketTimeoutException) {
      return isOurs(cause) ? line(cause, masks) : "it was silent for too long";
    }
    if (cause instanceof NoHttpResponseException) {
      return "it closed the connection without an answer";
    }
    if (cause instanceof ConnectionClosedException) {
      return "the connection ended early";
    }
    if (cause instanceof SocketException) {
      return "the connection broke (" + line(cause, masks) + ")";
    }
    if (find(cause, CertificateExpiredException.class) != null) {
      return "its certificate has expired";
    }
    if (find(cause, CertificateNotYetValidException.class) != null) {
      return "its certificate is not valid yet";
    }
    if (find(cause, CertPathBuilderException.class) != null) {
      return "its certificate is not of an authority that is trusted here";
    }
    if (cause instanceof SSLPeerUnverifiedException
        || find(cause, CertificateException.class) != null) {
      return "its certificate does not prove its name: " + line(cause, masks);
    }
    if (isPlain(cause)) {
      return "it does not speak TLS, but plain http as it seems";
    }
    if (cause instanceof SSLException) {
      return "TLS failed: " + line(cause, masks);
    }
    if (cause instanceof TruncatedChunkException) {
      return "the connection ended early";
    }
    if (cause instanceof ClientProtocolException
        || cause instanceof MessageConstraintException
        || cause instanceof MalformedChunkCodingException) {
      return "what it answers is not HTTP, or too much of it";
    }
    return line(cause, masks);
  }

  /** Whether another try may end otherwise. */
  static boolean mayPass(IOException failure) {
    if (failure instanceof TryLater) {
      return true;
    }
    if (failure instanceof UnknownHostException) {
      return ScanException.reason(failure).contains("Temporary failure");
    }
    return !(failure instanceof BadAnswer
        || failure instanceof UnreachableException
        || failure instanceof TokenSource.Refused
        || failure instanceof ClientProtocolException
        || failure instanceof MessageConstraintException
        || isAboutTrust(failure)
        || isPlain(failure));
  }

  /** Whether a certificate proves nothing: theirs to us, or ours to them. */
  static boolean isAboutTrust(IOException failure) {
    return isAboutCertificate(failure) || isAlert(failure);
  }

  /** Whether the certificate that was shown to us proves nothing. */
  static boolean isAboutCertificate(IOException failure) {
    return failure instanceof SSLPeerUnverifiedException
        || find(failure, CertificateException.class) != null
        || find(failure, CertPathBuilderException.class) != null;
  }

  /** Servers that want another certificate of ours say so, in one of several words. */
  private static boolean isAlert(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof SSLException
        && message.contains("fatal alert")
        && (message.contains("certificate")
            || message.contains("unknown_ca")
            || message.contains("access_denied")
            || message.contains("handshake_failure"));
  }

  /** Whether the other side speaks no TLS, but something else. */
  static boolean isPlain(IOException failure) {
    return failure instanceof SSLException
        && String.valueOf(failure.getMessage()).contains("Unsupported or unrecognized SSL message");
  }

  /** Those of the Java runtime say no more than that time is up. */
  private static boolean isOurs(IOException timeout) {
    return String.valueOf(timeout.getMessage()).startsWith("it ");
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
      cause = cause.getCause();
    }
    return null;
  }

  private static String line(IOException cause, Masks masks) {
    // Masked as a whole: a part of a secret is none that is known.
    String text = masks.masked(ScanException.reason(cause));
    String line = Printable.of(text.strip().replaceAll("\\s+", " "));
    return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "…";
  }

  /** A duration for people: {@code 350 ms}, {@code 12 s}, {@code 2 min}, {@code 6 h}. */
  static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 120_000) {
      return Math.round(millis / 1000.0) + " s";
    }
    return millis < 2 * 3_600_000L
        ? String.format(Locale.ROOT, "%d min", Math.round(millis / 60_000.0))
        : String.format(Locale.ROOT, "%d h", Math.round(millis / 3_600_000.0));
  }
}
