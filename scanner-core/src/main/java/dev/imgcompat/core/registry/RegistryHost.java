package dev.imgcompat.core.registry;

import com.google.cloud.tools.jib.http.Authorization;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One registry, and all that is known of it in this process: where it is, what it was shown, how
 * busy it is. Safe for use by several threads.
 */
final class RegistryHost implements AutoCloseable {
  private static final int SOME_TAGS = 10;
  private static final int MAX_TAGS_BYTES = 4 << 20;
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** A server that was never there will not come back. */
  private static final int MISSPELT_TRIES = 2;

  private final String name;
  private final RegistrySettings settings;
  private final RegistryListener listener;
  private final URI https;
  private final TlsChoice tls;
  private final HttpTransport transport;
  private final Throttle throttle;
  private final Endpoint endpoint;
  private final Masks masks = new Masks();
  private final Authorizer authorizer;
  private volatile boolean reached;

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
    this.endpoint = new Endpoint(name, https, trust.insecure(), listener);
    this.authorizer =
        new Authorizer(
            name,
            trust.insecure(),
            credentials,
            new TokenSource(transport, settings, masks),
            masks);
  }

  private void count(int status) {
    if (status == HttpStatus.SC_TOO_MANY_REQUESTS) {
      listener.limited(name);
    }
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
        ClassicHttpResponse response = exchange(question);
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

  /** Reads the body of an answer whole, with the same care. */
  <T> T askForBody(Question question, Tries tries, int most, BodyReception<T> reception)
      throws ScanException, InterruptedException {
    return ask(
        question,
        tries,
        response -> {
          try (Answer answer = new Answer(response);
              InputStream body = body(response, tries.deadline())) {
            byte[] bytes = Bytes.read(body, most, question.what());
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
    if (failure instanceof TokenSource.Refused) {
      throw Failures.denied(
          question.repository(),
          name,
          Failures.reason(failure, masks),
          true,
          authorizer.shown(question.repository()));
    }
    Optional<Duration> pause = tries.afterFailure(failure);
    boolean misspelt =
        failure instanceof ConnectException && !reached && tries.failures() >= MISSPELT_TRIES;
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

  /** Sends a GET, or a HEAD, with what the registry wants to see, and follows redirects. */
  private ClassicHttpResponse exchange(Question question)
      throws IOException, ScanException, InterruptedException {
    URI base = endpoint.find(transport, tls);
    URI uri = base.resolve(question.target());
    Optional<Authorization> shown = authorizer.current(question.repository(), base);
    ClassicHttpResponse response = send(uri, question, shown);
    reached = true;
    if (response.getCode() == HttpStatus.SC_UNAUTHORIZED) {
      List<Challenge> challenges = challenges(response);
      Optional<Authorization> renewed =
          authorizer.answer(challenges, base, question.repository(), shown);
      if (renewed.isEmpty()) {
        throw denied(question, response);
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
      stayed =
          stayed
              && HostAndPort.of(next).equals(HostAndPort.of(uri))
              && next.getScheme().equals(uri.getScheme());
      at = next;
      response = send(at, question, stayed ? shown : Optional.empty());
    }
    boolean elsewhere = !HostAndPort.of(at).equals(HostAndPort.of(uri));
    return accepted(response, question, elsewhere ? Optional.of(at.getHost()) : Optional.empty());
  }

  private static List<Challenge> challenges(ClassicHttpResponse response) throws IOException {
    try {
      return Challenge.of(response.getHeaders(HttpHeaders.WWW_AUTHENTICATE));
    } catch (IOException e) {
      HttpTransport.discard(response);
      throw e;
    }
  }

  /**
   * Returns an answer that has what was asked for.
   *
   * @param store the host of the blob store that answered, if it was not the registry
   */
  private ClassicHttpResponse accepted(
      ClassicHttpResponse response, Question question, Optional<String> store)
      throws IOException, ScanException {
    int status = response.getCode();
    boolean ranged = question.from() > 0;
    if (status == HttpStatus.SC_OK
        || (ranged && (status == HttpStatus.SC_PARTIAL_CONTENT || status == 416))) {
      return response;
    }
    if (!question.hasBody() && saysNothingOfHead(status, store.isPresent())) {
      return response;
    }
    String who = store.map(s -> "its blob store " + s).orElse("it");
    Failures.throwIfLater(response, who, masks);
    if (store.isEmpty() && (status == 401 || status == 403)) {
      throw denied(question, response);
    }
    if (status == 404 || status == 410) {
      HttpTransport.discard(response);
      throw question.isForManifest()
          ? unknownManifest(question)
          : Failures.notListed(name, question.what());
    }
    String said = ErrorBody.message(response, masks).map(m -> " (\"" + m + "\")").orElse("");
    HttpTransport.discard(response);
    throw new BadAnswer(who + " answered status " + status + said);
  }

  /** Where HEAD is not known; blob stores have addresses that are signed for GET alone. */
  private static boolean saysNothingOfHead(int status, boolean isStore) {
    return status == HttpStatus.SC_METHOD_NOT_ALLOWED
        || status == HttpStatus.SC_NOT_IMPLEMENTED
        || (isStore && (status == 400 || status == 401 || status == 403));
  }

  private ScanException denied(Question question, ClassicHttpResponse response) {
    int status = response.getCode();
    String said = ErrorBody.message(response, masks).map(m -> ", \"" + m + "\"").orElse("");
    HttpTransport.discard(response);
    return Failures.denied(
        question.repository(),
        name,
        "status " + status + said,
        status == HttpStatus.SC_UNAUTHORIZED,
        authorizer.shown(question.repository()));
  }

  /**
   * Tells an unknown tag from an unknown repository: registries answer both in the same way, but
   * list the tags of a repository that is there.
   */
  private ScanException unknownManifest(Question question) {
    String qualifier = question.path().substring("manifests/".length());
    List<String> some = new ArrayList<>();
    try {
      URI base = endpoint.find(transport, tls);
      URI tags = base.resolve("/v2/" + question.repository() + "/tags/list?n=" + SOME_TAGS);
      Question tagList = Question.of(question.repository(), "", "application/json", "tags");
      Optional<Authorization> shown = authorizer.current(question.repository(), base);
      try (Answer answer = new Answer(send(tags, tagList, shown))) {
        ClassicHttpResponse response = answer.response();
        if (response.getCode() == HttpStatus.SC_NOT_FOUND) {
          return Failures.noRepository(question.repository(), name);
        }
        if (response.getCode() == HttpStatus.SC_OK) {
          byte[] list;
          try (InputStream body = body(response, Deadline.in(settings.timeouts().stall()))) {
            list = Bytes.read(body, MAX_TAGS_BYTES, "the list of tags");
          }
          JsonNode json = MAPPER.readTree(list);
          for (JsonNode tag : json.path("tags")) {
            if (some.size() < SOME_TAGS && TAG.matcher(tag.asString("")).matches()) {
              some.add(masks.masked(tag.asString("")));
            }
          }
        }
      }
    } catch (IOException | JacksonException | ScanException e) {
      // Then there is less to say.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Failures.noManifest(question.repository(), name, qualifier, some);
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

  @Override
  public void close() {
    transport.close();
  }
}
