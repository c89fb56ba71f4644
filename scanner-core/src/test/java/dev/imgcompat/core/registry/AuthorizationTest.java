package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.challenge;
import static dev.imgcompat.core.testing.Answers.ok;
import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.testing.Faults;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is shown which credentials, over which connections. */
@Timeout(120)
class AuthorizationTest {
  private static final String PASSWORD = "correct horse battery";
  private static final Credentials ALICE =
      new Credentials.Password("a file of tests", "alice", PASSWORD);

  @TempDir private Path directory;
  private final Pulling pulling = new Pulling();
  private final FaultyRegistry registry =
      pulling.into(FaultyRegistry.secure(TestPki.shared().serverContext()));
  private final TokenServer tokens =
      TokenServer.secure(TestPki.shared().serverContext()).user("alice", PASSWORD);
  private final SettingsBuilder settings = new SettingsBuilder();

  @BeforeEach
  void trust() {
    settings.authority(TestPki.shared().write(directory).resolve("ca.pem"));
  }

  @AfterEach
  void stop() {
    registry.close();
    tokens.close();
  }

  private static CredentialSource always(Credentials credentials) {
    return (name, repository) -> credentials;
  }

  private ImageReport scan(FaultyRegistry at, Credentials credentials) {
    return pulling.scan(at.name(), pulling.client(settings, always(credentials)));
  }

  private void endsWell(Credentials credentials) {
    assertThat(scan(registry, credentials).error()).isEmpty();
  }

  private String denied(Credentials credentials) {
    ScanError error = Pulling.failure(scan(registry, credentials));
    assertThat(error.kind()).as(error.message()).isEqualTo("access-denied");
    assertThat(error.message()).contains(registry.name()).doesNotContain(PASSWORD, "\n");
    return error.message();
  }

  private static Credentials none() {
    return new Credentials.None("nowhere", Optional.empty());
  }

  private static List<String> authorizations(List<RecordedRequest> requests) {
    return requests.stream().flatMap(r -> r.authorization().stream()).toList();
  }

  @Test
  void aPasswordIsShownToARegistryThatWantsOne() {
    registry.requireBasic("alice", PASSWORD);

    endsWell(ALICE);

    // Once it is known to be wanted, it is not waited for to be asked for.
    assertThat(registry.requests(pulling.manifestPath())).hasSize(2);
    assertThat(registry.requests(pulling.layerPath())).hasSize(1);
  }

  @Test
  void nobodyIsShownAPasswordWhoDoesNotAskForIt() {
    endsWell(ALICE);

    assertThat(authorizations(registry.requests())).isEmpty();
  }

  @Test
  void aWrongPasswordIsShownOnce() {
    registry.requireBasic("alice", "another one");

    assertThat(denied(ALICE))
        .contains("does not accept the credentials of a file of tests", "status 401")
        .contains("docker login " + registry.name());
    assertThat(authorizations(registry.requests())).hasSize(1);
  }

  @Test
  void withoutCredentialsTheUserIsToldHowToLogIn() {
    registry.requireBasic("alice", PASSWORD);

    assertThat(denied(none()))
        .contains("no right to see it without credentials", "docker login " + registry.name())
        .contains("--username", "--password-stdin");
    assertThat(denied(new Credentials.None("x", Optional.of("docker-credential-x is missing"))))
        .contains("were not to be had: docker-credential-x is missing")
        .doesNotContain("docker login");
  }

  @Test
  void rightsMayBeMissing() {
    registry.requireBasic("alice", PASSWORD);
    registry.on(pulling.manifestPath()).then(reply(Reply.error(403, "DENIED", "not for you")));

    assertThat(denied(ALICE))
        .contains("lets the credentials of a file of tests not pull team/it")
        .contains("status 403, \"not for you\"");
  }

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
    tokens.lifetime(Duration.ofSeconds(1));
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

  @Test
  void credentialsStayBehindWhenABlobIsElsewhere() {
    try (FaultyRegistry store = FaultyRegistry.secure(TestPki.shared().serverContext())) {
      pulling.into(store);
      registry.requireBasic("alice", PASSWORD);
      registry.on(pulling.layerPath()).always(redirect(store.url() + pulling.layerPath()));
      endsWell(ALICE);

      registry.requireToken(tokens);
      endsWell(ALICE);

      assertThat(store.requests(pulling.layerPath())).hasSize(2);
      assertThat(authorizations(store.requests())).isEmpty();
    }
  }

  @Test
  void credentialsGoWithARedirectWithinTheRegistry() {
    registry.requireBasic("alice", PASSWORD);
    registry
        .on(pulling.layerPath())
        .then(ok())
        .then(redirect(registry.url() + pulling.layerPath()));
    endsWell(ALICE);

    assertThat(scan(registry, ALICE).error()).isEmpty();
  }

  /** Whoever sends us back has chosen what the registry is asked for. */
  @Test
  void credentialsDoNotGoWithARedirectThatComesBack() {
    try (FaultyRegistry store = FaultyRegistry.secure(TestPki.shared().serverContext())) {
      registry.requireBasic("alice", PASSWORD);
      registry.on(pulling.layerPath()).then(redirect(store.url() + "/there"));
      store.on("/there").always(redirect(registry.url() + "/api/chosen"));
      registry.on("/api/chosen").always(status(404));

      Pulling.failure(scan(registry, ALICE));

      assertThat(registry.requests("/api/chosen")).hasSize(1);
      assertThat(authorizations(registry.requests("/api/chosen"))).isEmpty();
    }
  }

  @Test
  void aBlobStoreThatRefusesIsNotTheRegistry() {
    try (FaultyRegistry store = FaultyRegistry.secure(TestPki.shared().serverContext())) {
      registry.on(pulling.layerPath()).always(redirect(store.url() + pulling.layerPath()));
      store.on(pulling.layerPath()).always(status(403));

      ScanError error = Pulling.failure(scan(registry, ALICE));

      assertThat(error.kind()).isEqualTo("registry-unavailable");
      // The one port of this machine differs from the other.
      assertThat(error.message()).contains("its blob store 127.0.0.1 answered status 403");
    }
  }

  @Test
  void noCredentialsGoOverPlainHttpUnlessTheRegistryIsNamedInsecure() {
    try (FaultyRegistry plain = pulling.into(new FaultyRegistry())) {
      plain.requireBasic("alice", PASSWORD);

      ScanError error = Pulling.failure(scan(plain, ALICE));
      assertThat(error.kind()).isEqualTo("access-denied");
      assertThat(error.message())
          .contains("those of a file of tests are not sent over plain http")
          .contains("--insecure " + plain.name());
      assertThat(authorizations(plain.requests())).isEmpty();

      settings.insecure();
      assertThat(scan(plain, ALICE).error()).isEmpty();
      assertThat(authorizations(plain.requests())).isNotEmpty();
    }
  }

  @Test
  void noTokenOfAUserGoesOverPlainHttpEither() {
    try (FaultyRegistry plain = pulling.into(new FaultyRegistry());
        TokenServer plainTokens = new TokenServer().user("alice", PASSWORD)) {
      plain.requireToken(plainTokens);
      ScanError error = Pulling.failure(scan(plain, ALICE));
      assertThat(error.message()).contains("--insecure " + plain.name());
      assertThat(plainTokens.requests()).as("it is asked anonymously").isNotEmpty();
      assertThat(authorizations(plainTokens.requests())).isEmpty();

      settings.insecure();
      assertThat(scan(plain, ALICE).error()).isEmpty();
      assertThat(authorizations(plainTokens.requests())).hasSize(1);
    }
  }

  @Test
  void aPlainTokenServerOnAnotherHostIsShownNothing() {
    try (FaultyRegistry plain = pulling.into(new FaultyRegistry());
        TokenServer plainTokens = new TokenServer().user("alice", PASSWORD)) {
      settings.insecure();
      plain
          .on(pulling.manifestPath())
          .then(challenge("Bearer realm=\"http://localhost:" + plainTokens.port() + "/token\""));

      ScanError error = Pulling.failure(scan(plain, ALICE));

      assertThat(error.message()).contains("token server localhost", "credentials are not sent");
      assertThat(plainTokens.requests()).isEmpty();
    }
  }

  /** Whoever logs in while a service runs is seen. */
  @Test
  void credentialsAreLookedForAgainWhenTheOldOnesAreNotTaken() {
    registry.requireBasic("alice", PASSWORD);
    Credentials[] current = {none()};
    try (Scanner scanner =
        Scanner.builder()
            .registries(
                pulling.client(settings, (name, repository) -> Objects.requireNonNull(current[0])))
            .build()) {
      Pulling.failure(Pulling.scan(registry.name(), scanner));

      current[0] = ALICE;

      assertThat(Pulling.scan(registry.name(), scanner).error()).isEmpty();
    }
  }

  @Test
  void whatARegistrySaysBackIsMasked() {
    registry.requireBasic("alice", PASSWORD);
    registry
        .on(pulling.manifestPath())
        .then(reply(Reply.error(403, "DENIED", "no: " + PASSWORD + " is too simple")));

    assertThat(denied(ALICE)).contains("no: *** is too simple");
  }
}
