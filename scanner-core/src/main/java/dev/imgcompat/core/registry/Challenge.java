package dev.imgcompat.core.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hc.client5.http.auth.AuthChallenge;
import org.apache.hc.client5.http.auth.ChallengeType;
import org.apache.hc.client5.http.impl.auth.AuthChallengeParser;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.message.ParserCursor;

/**
 * What a registry wants to see.
 *
 * @param scheme in lower case, such as {@code basic} or {@code bearer}
 * @param realm the address of the token server, with Bearer
 * @param service that a token is for
 */
record Challenge(String scheme, Optional<String> realm, Optional<String> service) {
  /** Reads {@code WWW-Authenticate} headers. */
  static List<Challenge> of(Header[] headers) throws IOException {
    List<Challenge> challenges = new ArrayList<>();
    for (Header header : headers) {
      for (AuthChallenge challenge : parse(header.getValue())) {
        Map<String, String> parameters = parameters(challenge);
        challenges.add(
            new Challenge(
                challenge.getSchemeName().toLowerCase(Locale.ROOT),
                Optional.ofNullable(parameters.get("realm")),
                Optional.ofNullable(parameters.get("service"))));
      }
    }
    return challenges;
  }

  /** Whether it is answered with a token. */
  boolean wantsToken() {
    return scheme.equals("bearer") && realm.isPresent();
  }

  /** Whether it is answered with a name and a password. */
  boolean wantsPassword() {
    return scheme.equals("basic");
  }

  private static Iterable<AuthChallenge> parse(String value) throws IOException {
    try {
      return AuthChallengeParser.INSTANCE.parse(
          ChallengeType.TARGET, value, new ParserCursor(0, value.length()));
    } catch (ParseException e) {
      throw new BadAnswer("a WWW-Authenticate header that makes no sense");
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
