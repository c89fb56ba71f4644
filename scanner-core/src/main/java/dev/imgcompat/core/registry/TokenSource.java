package dev.imgcompat.core.registry;

import com.google.cloud.tools.jib.http.Authorization;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hc.client5.http.auth.AuthChallenge;
import org.apache.hc.client5.http.auth.ChallengeType;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.auth.AuthChallengeParser;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.message.ParserCursor;
import org.apache.hc.core5.net.URIBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gets the anonymous tokens that public registries hand out for pulling.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">Token
 *     authentication</a>
 */
final class TokenSource {
  private static final int MAX_TOKEN_BYTES = 1 << 20;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpTransport transport;

  TokenSource(HttpTransport transport) {
    this.transport = transport;
  }

  /**
   * Answers the challenge of a 401.
   *
   * @param challenges its {@code WWW-Authenticate} headers
   * @param asked the address that answered with them
   * @return what to send, or empty where the challenge is none that can be answered anonymously
   */
  Optional<Authorization> answer(Header[] challenges, URI asked, InRegistry image)
      throws IOException, ScanException {
    for (Header header : challenges) {
      for (AuthChallenge challenge : parse(header.getValue())) {
        Map<String, String> parameters = parameters(challenge);
        if (challenge.getSchemeName().equalsIgnoreCase("bearer")
            && parameters.containsKey("realm")) {
          return Optional.of(fetch(parameters, asked, image));
        }
      }
    }
    return Optional.empty();
  }

  private Authorization fetch(Map<String, String> parameters, URI asked, InRegistry image)
      throws IOException, ScanException {
    URI realm = realm(parameters, asked, image);
    try (Answer answer = new Answer(transport.send(new HttpGet(realm)))) {
      ClassicHttpResponse response = answer.response();
      if (response.getCode() != HttpStatus.SC_OK || response.getEntity() == null) {
        throw new ScanException.AccessDenied(
            "registry "
                + image.registry()
                + " refuses to pull "
                + image.repository()
                + " anonymously: its token server "
                + realm.getHost()
                + " answered "
                + response.getCode());
      }
      byte[] body = Bytes.read(response.getEntity().getContent(), MAX_TOKEN_BYTES, "a token");
      JsonNode json = MAPPER.readTree(body);
      String token = json.path("token").asString(json.path("access_token").asString(""));
      if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
        throw new IOException("the token server " + realm.getHost() + " answered without a token");
      }
      return Authorization.fromBearerToken(token);
    } catch (JacksonException e) {
      // Without the cause: Jackson quotes the body, which may hold a token.
      throw new IOException("the token server " + realm.getHost() + " did not answer with JSON");
    }
  }

  private static URI realm(Map<String, String> parameters, URI asked, InRegistry image)
      throws IOException {
    try {
      URIBuilder builder = new URIBuilder(parameters.get("realm"));
      if (parameters.containsKey("service")) {
        builder.addParameter("service", parameters.get("service"));
      }
      builder.addParameter("scope", "repository:" + image.repository() + ":pull");
      URI realm = builder.build();
      boolean secure = "https".equals(realm.getScheme());
      boolean plain = "http".equals(realm.getScheme()) && "http".equals(asked.getScheme());
      if (realm.getHost() == null || !(secure || plain)) {
        throw new IOException("the registry names a token server that is not one of https");
      }
      return realm;
    } catch (URISyntaxException e) {
      throw new IOException("the registry names a token server that is no address", e);
    }
  }

  private static Iterable<AuthChallenge> parse(String value) throws IOException {
    try {
      return AuthChallengeParser.INSTANCE.parse(
          ChallengeType.TARGET, value, new ParserCursor(0, value.length()));
    } catch (ParseException e) {
      throw new IOException("a WWW-Authenticate header that makes no sense", e);
    }
  }

  private static Map<String, String> parameters(AuthChallenge challenge) {
    Map<String, String> parameters = new TreeMap<>();
    if (challenge.getParams() != null) {
      for (NameValuePair pair : challenge.getParams()) {
        if (pair.getValue() != null) {
          parameters.put(pair.getName().toLowerCase(Locale.ROOT), pair.getValue());
        }
      }
    }
    return parameters;
  }
}
