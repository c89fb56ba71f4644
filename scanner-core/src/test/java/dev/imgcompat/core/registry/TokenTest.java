package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.challenge;
import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.testing.Faults;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens: how they are had, for what, and for how long. */
class TokenTest extends AuthorizationCase {
  @Test
  void aTokenIsHadForAPassword() {
    registry.requireToken(tokens);

    endsWell(ALICE);

    RecordedRequest asked = tokens.requests("/token").get(0);
    assertThat(asked.method()).isEqualTo("GET");
    assertThat(asked.parameter("service")).contains(tokens.service());
    assertThat(asked.parameter("scope")).contains("repository:team/it:pull");
    assertThat(asked.authorization().orElseThrow()).startsWith("Basic ");
    assertThat(tokens.issued()).hasSize(1);
    assertThat(authorizations(registry.requests())).allMatch(a -> a.startsWith("Bearer "));
  }

  @Test
  void aTokenIsHadForARefreshToken() {
    registry.requireToken(tokens);
    tokens.refreshToken("alice", "refresh-of-alice");

    endsWell(new Credentials.IdentityToken("a file of tests", "refresh-of-alice"));

    RecordedRequest asked = tokens.requests("/token").get(0);
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.target()).doesNotContain("refresh-of-alice");
    assertThat(asked.parameter("grant_type")).contains("refresh_token");
    assertThat(asked.parameter("scope")).contains("repository:team/it:pull");
    assertThat(asked.parameter("client_id")).contains("imgcompat");
  }

  @Test
  void aTokenOfTheRegistryIsShownAsItIs() {
    registry.requireToken(tokens);
    endsWell(ALICE);
    tokens.forgetRequests();

    endsWell(new Credentials.RegistryToken("a file of tests", tokens.issued().get(0)));

    assertThat(tokens.requests("/token")).isEmpty();
  }

  @Test
  void wrongCredentialsAreRefusedByTheTokenServer() {
    registry.requireToken(tokens);

    assertThat(denied(new Credentials.Password("a file of tests", "alice", "wrong")))
        .contains(
            "does not accept the credentials of a file of tests for team/it (its token server");
  }

  @Test
  void aTokenWithoutRightsIsNotAskedForAgainAndAgain() {
    registry.requireToken(tokens);
    tokens.forbid("team/it");

    assertThat(denied(ALICE)).contains("a file of tests", "docker login", "spelling");
    assertThat(tokens.requests("/token")).hasSize(1);
  }

  /** The registry takes each token once only, as if it expired in between. */
  @Test
  void aTokenThatIsNotTakenAnyMoreIsRenewedInMidScan() {
    registry.requireToken(tokens);
    registry.on(pulling.layerPath()).then(Faults.running(tokens::revokeAll, Faults.closeAfter(9)));

    endsWell(ALICE);

    assertThat(tokens.issued()).hasSize(2);
  }

  @Test
  void aTokenIsRenewedBeforeItExpires() throws Exception {
    registry.requireToken(tokens);
    tokens.lifetime(Duration.ofSeconds(3));
    try (Scanner scanner =
        Scanner.builder().registries(pulling.client(settings, always(ALICE))).build()) {
      assertThat(Pulling.scan(registry.name(), scanner).error()).isEmpty();
      String first = tokens.issued().get(0);
      while (tokens.isValid(first)) {
        Thread.onSpinWait();
      }
      registry.forgetRequests();

      assertThat(Pulling.scan(registry.name(), scanner).error()).isEmpty();
    }
    assertThat(registry.requests(pulling.manifestPath()))
        .as("nothing was refused, since the token was renewed before")
        .hasSize(1);
  }

  @Test
  void tokensAreForOneRepository() {
    pulling.into(registry, "team/other").requireToken(tokens);
    try (Scanner scanner =
        Scanner.builder().registries(pulling.client(settings, always(ALICE))).build()) {
      Pulling.scan(registry.name(), scanner);
      Pulling.scanReference(registry.name() + "/team/other:1", scanner);
    }

    assertThat(tokens.requests("/token"))
        .extracting(r -> r.parameter("scope").orElse(""))
        .containsExactly("repository:team/it:pull", "repository:team/other:pull");
  }

  @Test
  void theTokenServerMayHaveTroubleThatPasses() {
    registry.requireToken(tokens);
    tokens.on("/token").then(status(503)).then(status(429)).then(Faults.reset());

    endsWell(ALICE);

    assertThat(pulling.limits()).containsExactly(registry.name());
  }

  @Test
  void theTokenServerMayMakeNoSense() {
    registry.requireToken(tokens);
    for (Reply nonsense :
        List.of(
            Reply.json(200, "{}"),
            Reply.json(200, "{\"token\":\"two words\"}"),
            Reply.json(200, "<html>"),
            Reply.status(302).with("Location", "https://elsewhere.test/"),
            Reply.status(302).with("Location", "https://[/"))) {
      tokens.on("/token").then(reply(nonsense));
      ScanError error = Pulling.failure(scan(registry, ALICE));
      assertThat(error.kind()).isEqualTo("registry-unavailable");
      assertThat(error.message()).containsAnyOf("token server 127.0.0.1", "a redirect to");
    }
  }

  @Test
  void theTokenServerMayRedirectWithinItself() {
    registry.requireToken(tokens);
    tokens.on("/token").then(redirect("/token?" + "scope=repository:team/it:pull"));

    endsWell(ALICE);

    assertThat(tokens.requests("/token")).hasSize(2).allMatch(r -> r.authorization().isPresent());
  }

  @Test
  void anEmptyTokenBesideARightOneIsNone() {
    registry.requireToken(tokens);
    tokens
        .on("/token")
        .then(
            reply(
                Reply.json(
                    200,
                    "{\"token\":\"\",\"access_token\":\""
                        + tokens.issue("alice", "repository:team/it:pull")
                        + "\"}")));

    endsWell(ALICE);
  }

  /** Each refusal once kept a connection for good. */
  @Test
  void refusalsOfTheTokenServerHoldNoConnection() {
    settings.connections(1);
    tokens.on("/token").times(5, status(403));
    try (Scanner scanner =
        Scanner.builder().registries(pulling.client(settings, always(ALICE))).build()) {
      registry.requireToken(tokens);
      for (int i = 0; i < 5; i++) {
        Pulling.failure(Pulling.scan(registry.name(), scanner));
      }

      assertThat(Pulling.scan(registry.name(), scanner).error()).isEmpty();
    }
  }

  @Test
  void theTokenServerMayBeTheRegistryItself() {
    settings.connections(1);
    String token = tokens.issue("alice", "repository:team/it:pull");
    registry.on("/token").always(reply(Reply.json(200, "{\"token\":\"" + token + "\"}")));
    registry
        .on(pulling.manifestPath())
        .then(challenge("Bearer realm=\"" + registry.url() + "/token\""));

    endsWell(ALICE);

    assertThat(registry.requests("/token")).hasSize(1);
  }

  @Test
  void challengesMayMakeNoSense() {
    for (String nonsense :
        List.of(
            "Bearer realm=\"file:///etc/passwd\"",
            "Bearer realm=\"http://127.0.0.1/token\"",
            "Bearer realm=\"https://user:password@127.0.0.1/token\"",
            "Bearer realm=\"https://127.0.0.1:99999/token\"",
            "Bearer realm=\"::\"")) {
      registry.on(pulling.manifestPath()).then(challenge(nonsense));
      ScanError error = Pulling.failure(scan(registry, ALICE));
      assertThat(error.kind()).as(nonsense).isEqualTo("registry-unavailable");
      assertThat(error.message()).contains("token server").doesNotContain("password");
    }
    registry.on(pulling.manifestPath()).then(challenge("Negotiate"));
    assertThat(denied(ALICE)).contains("status 401");
  }
}
