package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.TransferException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;

/**
 * One registry, and all that is known of it in this process: where it is, what it was shown, how
 * busy it is. Safe for use by several threads.
 */
final class RegistryHost implements AutoCloseable {
  /** A server that was never there will not come back. */
  private static final int MISSPELT_TRIES = 2;

  private final String name;
  private final RegistrySettings settings;
  private final RegistryListener listener;
  private final URI https;
  private final TlsChoice tls;
  private final HttpTransport transport;
  private final Throttle throttle;
  private final Masks masks = new Masks();
  private final Sender sender;
  private final Refusals refusals;

  /**
   * Creates one; nothing is sent yet.
   *
   * @param name host, with a port where it has one; {@code docker.io} is Docker Hub
   * @param gate of this registry
   * @throws ScanException if that is no name of a registry, or its certificates cannot be read
   */
  RegistryHost(
      String name,
      String userAgent,
      RegistrySettings settings,
      CredentialSource credentials,
      RegistryListener listener,
      Gate gate)
      throws ScanException {
    this.name = name;
    this.settings = settings;
    this.listener = listener;
    RegistrySettings.Trust trust = settings.trust();
    this.https = Endpoint.https(name);
    this.tls = new TlsChoice(HostAndPort.of(https), trust);
    this.transport = new HttpTransport(userAgent, settings, tls, gate, this::count);
    masks.addUser(settings.proxies().forHttps());
    masks.addUser(settings.proxies().forHttp());
    this.throttle = new Throttle(settings.pace());
    Authorizer authorizer =
        new Authorizer(
            name,
            trust.insecure(),
            credentials,
            new TokenSource(transport, settings, masks),
            masks);
    Endpoint endpoint = new Endpoint(name, https, trust.insecure(), listener);
    this.sender = new Sender(transport, endpoint, tls, authorizer, masks);
    this.refusals = new Refusals(name, transport, sender, authorizer, masks, settings);
  }

  private void count(int status) {
    if (status == HttpStatus.SC_TOO_MANY_REQUESTS) {
      listener.limited(name);
    }
  }

  /** Tells whoever listens what the registry does, with the secrets that it says back hidden. */
  void warn(String what) {
    listener.warning(masks.masked(what));
  }

  /** The address of a question. */
  URI address(Question question) throws IOException {
    return sender.address(question);
  }

  /** The failure that an answer with another status is; discards it. */
  IOException senseless(ClassicHttpResponse response) {
    return refusals.senseless(response, "it");
  }

  /** How it is called in messages. */
  String name() {
    return name;
  }

  RegistrySettings settings() {
    return settings;
  }

  Throttle throttle() {
    return throttle;
  }

  /** The tries of one question, which begin now. */
  Tries tries() {
    return new Tries(settings.retries(), Deadline.in(settings.timeouts().overall()));
  }

  /** The same, but of one that somebody else may answer as well. */
  Tries fewTries() {
    return new Tries(settings.retries().few(), Deadline.in(settings.timeouts().overall()));
  }

  /** What an answer is turned into; closes the response, or whatever is made of it does. */
  @FunctionalInterface
  interface Reception<T> {
    T of(ClassicHttpResponse response) throws IOException, ScanException, InterruptedException;
  }

  /**
   * Asks until there is an answer, or until another try is of no use.
   *
   * @param reception may fail with an {@link IOException} of the transfer, which counts as a
   *     failure of the question
   */
  <T> T ask(Question question, Tries tries, Reception<T> reception)
      throws ScanException, InterruptedException {
    while (true) {
      try {
        throttle.awaitTurn();
        ClassicHttpResponse response = refusals.accepted(sender.send(question), question);
        boolean received = false;
        try {
          T made = reception.of(response);
          received = true;
          return made;
        } finally {
          if (!received) {
            HttpTransport.discard(response);
          }
        }
      } catch (IOException e) {
        awaitNextTry(question, tries, e);
      }
    }
  }

  /**
   * Reads the body of an answer whole, with the same care, when there is a connection to be had.
   *
   * @param tries that begin then
   * @param most bytes that it may have
   */
  <T> T read(Question question, Supplier<Tries> tries, int most, BodyReception<T> reception)
      throws ScanException, InterruptedException {
    throttle.enter();
    try {
      return read(question, tries.get(), most, reception);
    } finally {
      throttle.leave();
    }
  }

  private <T> T read(Question question, Tries tries, int most, BodyReception<T> reception)
      throws ScanException, InterruptedException {
    return ask(
        question,
        tries,
        response -> {
          try (Answer answer = new Answer(response);
              InputStream body = body(response, tries.deadline())) {
            byte[] bytes =
                Bytes.read(body, most, "what registry " + name + " has as " + question.what());
            if (isWebPage(response) || startsLikeOne(bytes)) {
              throw new BadAnswer("it answered with a web page: is a registry there?");
            }
            return reception.of(answer.response(), bytes);
          }
        });
  }

  /** What a body is turned into. */
  @FunctionalInterface
  interface BodyReception<T> {
    T of(ClassicHttpResponse response, byte[] body) throws IOException, ScanException;
  }

  /**
   * Waits after a failure.
   *
   * @throws ScanException if there shall be no other try
   */
  void awaitNextTry(Question question, Tries tries, IOException failure)
      throws ScanException, InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
    if (failure instanceof TransferException known) {
      throw known.failure();
    }
    if (failure instanceof UnreachableException refused) {
      throw Failures.notAllowed(name, question.what(), refused, masks);
    }
    if (failure instanceof TokenSource.Refused refused) {
      throw refusals.denied(question, refused);
    }
    Optional<Duration> pause = tries.afterFailure(failure);
    boolean misspelt =
        failure instanceof ConnectException
            && !sender.reached()
            && tries.failures() >= MISSPELT_TRIES;
    if (pause.isEmpty() || misspelt) {
      throw Failures.unavailable(
          name, question.what(), failure, tries.toll(), proxy(), masks, tls.isCertificateWanted());
    }
    if (failure instanceof TryLater later && later.isRateLimit()) {
      throttle.pauseAll(pause.get());
    }
    listener.waiting(name, Failures.reason(failure, masks), pause.get());
    Throttle.pause(pause.get());
  }

  private Optional<String> proxy() {
    return transport.proxy(https).map(HttpHost::toHostString);
  }

  /** The body of an answer, guarded; to be closed besides the answer. */
  InputStream body(ClassicHttpResponse response, Deadline deadline) throws IOException {
    return transport.body(response, deadline);
  }

  /** Whether what came is for people, such as the login page of a network. */
  static boolean isWebPage(ClassicHttpResponse response) {
    Header type = response.getFirstHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.getValue().strip().toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  private static boolean startsLikeOne(byte[] body) {
    int at = 0;
    while (at < body.length && body[at] <= ' ' && body[at] >= 0) {
      at++;
    }
    return at < body.length && body[at] == '<';
  }

  @Override
  public void close() {
    transport.close();
  }
}
