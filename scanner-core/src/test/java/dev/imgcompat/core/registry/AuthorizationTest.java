package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.challenge;
import static dev.imgcompat.core.testing.Answers.ok;
import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is shown which credentials, over which connections. */
class AuthorizationTest extends AuthorizationCase {
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
