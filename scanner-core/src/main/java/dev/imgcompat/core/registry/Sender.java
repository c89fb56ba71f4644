package dev.imgcompat.core.registry;

import com.google.cloud.tools.jib.http.Authorization;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Sends questions to one registry, once each, with what it wants to see, and follows its redirects:
 * on other servers nothing is shown. Safe for use by several threads.
 */
final class Sender {
  private final HttpTransport transport;
  private final Endpoint endpoint;
  private final TlsChoice tls;
  private final Authorizer authorizer;
  private final Masks masks;
  private volatile boolean reached;

  Sender(
      HttpTransport transport,
      Endpoint endpoint,
      TlsChoice tls,
      Authorizer authorizer,
      Masks masks) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.tls = tls;
    this.authorizer = authorizer;
    this.masks = masks;
  }

  /**
   * What came back; the caller discards the response, or hands it on.
   *
   * @param response whatever its status
   * @param store the host of the blob store that answered, if it was not the registry
   */
  record Sent(ClassicHttpResponse response, Optional<String> store) {}

  /** Whether there was ever an answer. */
  boolean reached() {
    return reached;
  }

  /** The address of a question. */
  URI address(Question question) throws IOException {
    return endpoint.find(transport, tls).resolve(question.target());
  }

  /** Sends a GET, or a HEAD. */
  Sent send(Question question) throws IOException, ScanException, InterruptedException {
    URI base = endpoint.find(transport, tls);
    URI uri = base.resolve(question.target());
    Optional<Authorization> shown = authorizer.current(question.scope(), base);
    ClassicHttpResponse response = send(uri, question, shown);
    reached = true;
    if (response.getCode() == HttpStatus.SC_UNAUTHORIZED) {
      Optional<Authorization> renewed =
          authorizer.answer(challenges(response), base, question.scope(), shown);
      if (renewed.isEmpty()) {
        return new Sent(response, Optional.empty());
      }
      HttpTransport.discard(response);
      shown = renewed;
      response = send(uri, question, shown);
    }
    URI at = uri;
    boolean stayed = true;
    for (int followed = 0; Redirects.isRedirect(response); followed++) {
      URI next = Redirects.next(at, response, followed);
      masks.addSignature(next);
      // Whoever sent us back from elsewhere has chosen what the registry is asked for.
      stayed = stayed && HostAndPort.isSame(next, uri);
      at = next;
      response = send(at, question, stayed ? shown : Optional.empty());
    }
    boolean elsewhere = !HostAndPort.of(at).equals(HostAndPort.of(uri));
    return new Sent(response, elsewhere ? Optional.of(at.getHost()) : Optional.empty());
  }

  private static List<Challenge> challenges(ClassicHttpResponse response) throws IOException {
    try {
      return Challenge.of(response.getHeaders(HttpHeaders.WWW_AUTHENTICATE));
    } catch (IOException e) {
      HttpTransport.discard(response);
      throw e;
    }
  }

  private ClassicHttpResponse send(URI uri, Question question, Optional<Authorization> shown)
      throws IOException {
    HttpUriRequestBase request = question.hasBody() ? new HttpGet(uri) : new HttpHead(uri);
    request.setHeader(HttpHeaders.ACCEPT, question.accept());
    if (question.from() > 0) {
      request.setHeader(HttpHeaders.RANGE, "bytes=" + question.from() + "-");
    }
    shown.ifPresent(
        s -> request.setHeader(HttpHeaders.AUTHORIZATION, s.getScheme() + " " + s.getToken()));
    return transport.send(request);
  }
}
