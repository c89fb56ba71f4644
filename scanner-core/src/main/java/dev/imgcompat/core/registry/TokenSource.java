package dev.imgcompat.core.registry;

import com.google.cloud.tools.jib.http.Authorization;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.net.URIBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gets tokens from the token server that a registry names: anonymously, for a name and a password,
 * or for an identity token.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">Token
 *     authentication</a>
 * @see <a href="https://distribution.github.io/distribution/spec/auth/oauth/">OAuth 2</a>
 */
final class TokenSource {
  private static final int MAX_ANSWER_BYTES = 256 << 10;

  /** More than any server takes as a header. */
  private static final int MAX_TOKEN_LENGTH = 32 << 10;

  /** What a token is good for if its server does not say so. */
  private static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(60);

  private static final Duration LONGEST_LIFETIME = Duration.ofDays(1);

  private static final int MAX_PORT = 65_535;
  private static final String CLIENT = "imgcompat";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpTransport transport;
  private final RegistrySettings settings;
  private final Masks masks;

  TokenSource(HttpTransport transport, RegistrySettings settings, Masks masks) {
    this.transport = transport;
    this.settings = settings;
    this.masks = masks;
  }

  /**
   * A token.
   *
   * @param authorization to send
   * @param lifetime from now on
   * @param successor the identity token to use the next time, if it is another one
   */
  record Token(Authorization authorization, Duration lifetime, Optional<String> successor) {}

  /**
   * Asks for a token.
   *
   * @param challenge of the registry, with a realm
   * @param asked the address of the registry
   * @param scope what it is to be good for, as token servers call it
   * @param credentials that may be shown to the token server
   */
  Token fetch(Challenge challenge, URI asked, String scope, Credentials credentials)
      throws IOException, ScanException {
    URI realm = realm(challenge, asked, credentials);
    HttpUriRequestBase request = request(realm, challenge, scope, credentials);
    try (Answer answer = new Answer(send(request, realm, credentials))) {
      ClassicHttpResponse response = answer.response();
      int status = response.getCode();
      String server = "its token server " + realm.getHost();
      if (status == 400 || status == 401 || status == 403 || status == 404) {
        throw new Refused(server + " answered status " + status + said(response));
      }
      Failures.throwIfLater(response, server, masks);
      if (status != HttpStatus.SC_OK || response.getEntity() == null) {
        throw new BadAnswer(server + " answered status " + status);
      }
      try (InputStream body = transport.body(response, Deadline.in(settings.timeouts().stall()))) {
        return token(Bytes.read(body, MAX_ANSWER_BYTES, "a token"), server);
      } catch (ScanException.LimitExceeded e) {
        throw new BadAnswer(server + " answered with more than a token");
      }
    }
  }

  /** Follows redirects; with credentials only on the same server. */
  private ClassicHttpResponse send(HttpUriRequestBase first, URI realm, Credentials credentials)
      throws IOException {
    HttpUriRequestBase request = first;
    URI at = realm;
    ClassicHttpResponse response = transport.send(request);
    for (int followed = 0; Redirects.isRedirect(response); followed++) {
      URI next = Redirects.next(at, response, followed);
      boolean same = HostAndPort.isSame(next, realm);
      if (!same && !(credentials instanceof Credentials.None)) {
        throw new BadAnswer(
            "its token server "
                + realm.getHost()
                + " redirects to another one, where credentials are not sent");
      }
      HttpUriRequestBase again = new HttpUriRequestBase(request.getMethod(), next);
      again.setHeaders(request.getHeaders());
      again.setEntity(request.getEntity());
      request = again;
      at = next;
      response = transport.send(request);
    }
    return response;
  }

  /** The token server gives no token for these credentials. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  private String said(ClassicHttpResponse response) {
    return ErrorBody.message(response, masks).map(m -> " (\"" + m + "\")").orElse("");
  }

  private Token token(byte[] body, String server) throws IOException {
    JsonNode json;
    try {
      json = MAPPER.readTree(body);
    } catch (JacksonException e) {
      // Without the cause: Jackson quotes the body, which may hold a token.
      throw new BadAnswer(server + " did not answer with JSON");
    }
    String token = json.path("token").asString("");
    if (token.isEmpty()) {
      token = json.path("access_token").asString("");
    }
    if (token.isEmpty()
        || token.length() > MAX_TOKEN_LENGTH
        || token.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw new BadAnswer(server + " answered without a token");
    }
    masks.add(token);
    masks.add(json.path("access_token").asString("")); // which may be another one
    String successor = json.path("refresh_token").asString("");
    masks.add(successor);
    long seconds = json.path("expires_in").asLong(DEFAULT_LIFETIME.toSeconds());
    return new Token(
        Authorization.fromBearerToken(token),
        Duration.ofSeconds(Math.max(1, Math.min(seconds, LONGEST_LIFETIME.toSeconds()))),
        Optional.of(successor).filter(s -> !s.isEmpty() && s.length() <= MAX_TOKEN_LENGTH));
  }

  private static HttpUriRequestBase request(
      URI realm, Challenge challenge, String scope, Credentials credentials) throws IOException {
    List<NameValuePair> parameters = new ArrayList<>();
    challenge.service().ifPresent(s -> parameters.add(new BasicNameValuePair("service", s)));
    if (credentials instanceof Credentials.Password password) {
      parameters.add(new BasicNameValuePair("account", password.username()));
    }
    parameters.add(new BasicNameValuePair("scope", scope));
    if (credentials instanceof Credentials.IdentityToken identity) {
      HttpPost post = new HttpPost(realm);
      parameters.add(new BasicNameValuePair("grant_type", "refresh_token"));
      parameters.add(new BasicNameValuePair("client_id", CLIENT));
      parameters.add(new BasicNameValuePair("refresh_token", identity.token()));
      post.setEntity(new UrlEncodedFormEntity(parameters, StandardCharsets.UTF_8));
      return post;
    }
    try {
      HttpGet get =
          new HttpGet(
              new URIBuilder(realm, StandardCharsets.UTF_8).addParameters(parameters).build());
      if (credentials instanceof Credentials.Password password) {
        Authorization basic =
            Authorization.fromBasicCredentials(password.username(), password.password());
        get.setHeader(HttpHeaders.AUTHORIZATION, basic.toString());
      }
      return get;
    } catch (URISyntaxException e) {
      throw new BadAnswer("the registry names a token server that is no address");
    }
  }

  /**
   * The token server's address. Credentials reach it over https; over plain http only if the
   * registry is named insecure and the token server is on the same host.
   */
  private URI realm(Challenge challenge, URI asked, Credentials credentials) throws IOException {
    URI realm;
    try {
      realm = new URI(challenge.realm().orElse(""));
    } catch (URISyntaxException e) {
      throw new BadAnswer("the registry names a token server that is no address");
    }
    boolean secure = "https".equals(realm.getScheme());
    boolean plain = "http".equals(realm.getScheme()) && "http".equals(asked.getScheme());
    boolean isServer =
        realm.getHost() != null && realm.getPort() <= MAX_PORT && realm.getRawUserInfo() == null;
    if (!isServer || !(secure || plain)) {
      throw new BadAnswer("the registry names a token server that is not one of https");
    }
    boolean ofRegistry = realm.getHost().equalsIgnoreCase(asked.getHost());
    if (!secure
        && !(credentials instanceof Credentials.None)
        && !(settings.trust().insecure() && ofRegistry)) {
      throw new BadAnswer(
          "the registry names the token server "
              + realm.getHost()
              + ", which speaks plain http: credentials are not sent there");
    }
    return realm;
  }
}
