package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What registries are shown by whom they list things for, and what their APIs are. */
@Timeout(120)
class ListingAuthorizationTest {
  private static final String API = "/api/v2.0/projects?page=1&page_size=100";
  private static final String API_PATH = "/api/v2.0/projects";
  private static final String PASSWORD = "correct horse battery";
  private static final String TOKEN = "an-oauth-token-of-quay";
  private static final Credentials ALICE =
      new Credentials.Password("a file of tests", "alice", PASSWORD);

  @TempDir private Path directory;
  private final FaultyRegistry registry =
      FaultyRegistry.secure(TestPki.shared().serverContext())
          .list(
              Map.of("team/it", List.of("1", "2", "3"), "team/x", List.of("1"), "z", List.of()),
              1000);
  private final FaultyRegistry elsewhere = FaultyRegistry.secure(TestPki.shared().serverContext());
  private final FaultyRegistry plain = new FaultyRegistry();
  private final TokenServer tokens =
      TokenServer.secure(TestPki.shared().serverContext()).user("alice", PASSWORD);
  private final Asking asking = new Asking();
  private final SettingsBuilder settings = new SettingsBuilder();

  @BeforeEach
  void prepare() {
    settings.authority(TestPki.shared().write(directory).resolve("ca.pem"));
    for (FaultyRegistry any : List.of(registry, elsewhere, plain)) {
      any.on(API_PATH).always(reply(Reply.json(200, "[1]")));
    }
  }

  @AfterEach
  void stop() {
    registry.close();
    elsewhere.close();
    plain.close();
    tokens.close();
  }

  private interface Question<T> {
    T to(HttpRegistryClient client) throws ScanException, InterruptedException;
  }

  private <T> T ask(CredentialSource credentials, Question<T> question) throws Exception {
    try (HttpRegistryClient client = asking.client(settings, credentials)) {
      return question.to(client);
    }
  }

  private <T> T ask(Credentials credentials, Question<T> question) throws Exception {
    return ask((name, repository) -> credentials, question);
  }

  private List<String> catalog(Credentials credentials) throws Exception {
    return ask(credentials, client -> Asking.repositories(client, registry.name()));
  }

  private String api(FaultyRegistry at, Credentials credentials) throws Exception {
    return new String(
        ask(credentials, client -> client.api(at.name(), API, "its projects")),
        StandardCharsets.UTF_8);
  }

  private static String denial(Question<?> question, HttpRegistryClient client) {
    try {
      throw new AssertionError("allowed: " + question.to(client));
    } catch (ScanException.AccessDenied e) {
      assertThat(e.getMessage()).doesNotContain(PASSWORD, TOKEN, "\n");
      return e.getMessage();
    } catch (ScanException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String denial(Credentials credentials, Question<?> question) throws Exception {
    return ask(credentials, client -> denial(question, client));
  }

  private static Credentials none() {
    return new Credentials.None("nowhere", Optional.empty());
  }

  private static String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString(("alice:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
  }

  private static List<Optional<String>> shown(FaultyRegistry at) {
    return at.requests(API_PATH).stream().map(RecordedRequest::authorization).toList();
  }

  @Test
  void tokenForTheCatalogIsHad() throws Exception {
    registry.requireToken(tokens);

    assertThat(catalog(ALICE)).containsExactly("team/it", "team/x", "z");

    assertThat(tokens.requests("/token")).hasSize(1);
    RecordedRequest asked = tokens.requests("/token").get(0);
    assertThat(asked.parameters("scope")).containsExactly("registry:catalog:*");
    assertThat(asked.parameter("service")).contains(tokens.service());
    assertThat(asked.authorization()).contains(basic());
  }

  @Test
  void tokenForTheTagsOfEachRepositoryIsHad() throws Exception {
    registry.requireToken(tokens);
    List<String> found = new ArrayList<>();
    ask(
        ALICE,
        client -> {
          client.repositories(
              registry.name(),
              repository -> {
                if (!repository.equals("z")) {
                  client.tags(registry.name(), repository, found::add);
                }
              });
          return found;
        });

    assertThat(found).containsExactly("1", "2", "3", "1");
    assertThat(tokens.requests("/token").stream().flatMap(r -> r.parameters("scope").stream()))
        .containsExactly("registry:catalog:*", "repository:team/it:pull", "repository:team/x:pull");
  }

  @Test
  void tokenThatIsNoLongerTakenIsRenewedBetweenPages() throws Exception {
    registry.requireToken(tokens);
    List<String> found = new ArrayList<>();
    ask(
        ALICE,
        client -> {
          client.repositories(
              registry.name(),
              repository -> {
                found.add(repository);
                tokens.revokeAll();
              });
          return found;
        });

    assertThat(found).containsExactly("team/it", "team/x", "z");
    assertThat(tokens.requests("/token")).hasSize(2);
  }

  @Test
  void catalogIsListedForAPassword() throws Exception {
    registry.requireBasic("alice", PASSWORD);

    assertThat(catalog(ALICE)).hasSize(3);
  }

  @Test
  void tokenThatOpensNothingIsTheUsersMove() throws Exception {
    registry.requireToken(tokens);
    Question<?> question = client -> Asking.repositories(client, registry.name());

    assertThat(denial(none(), question))
        .contains("registry " + registry.name(), "not list its repositories for everybody")
        .contains("name the repositories", "docker login");
    assertThat(denial(new Credentials.Password("a file of tests", "alice", "wrong!"), question))
        .contains("with the credentials of a file of tests", "name the repositories");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void catalogForAdministratorsOnlyIsTheUsersMove(int status) throws Exception {
    registry.requireBasic("alice", PASSWORD).on("/v2/_catalog").always(status(status));

    assertThat(denial(ALICE, client -> Asking.repositories(client, registry.name())))
        .contains("status " + status, "a file of tests", "name the repositories");
  }

  @Test
  void apiIsShownThePasswordAtOnce() throws Exception {
    assertThat(api(registry, ALICE)).isEqualTo("[1]");

    assertThat(shown(registry)).containsExactly(Optional.of(basic()));
    assertThat(registry.requests(API_PATH).get(0).target()).isEqualTo(API);
    assertThat(registry.requests(API_PATH).get(0).header("Accept")).contains("application/json");
  }

  @Test
  void apiIsShownATokenOfOauthAsOne() throws Exception {
    api(registry, new Credentials.Password("a file", "$oauthtoken", TOKEN));
    api(registry, new Credentials.RegistryToken("a file", TOKEN));

    assertThat(shown(registry))
        .containsExactly(Optional.of("Bearer " + TOKEN), Optional.of("Bearer " + TOKEN));
  }

  @Test
  void apiIsShownNothingWhereThereIsNothing() throws Exception {
    api(registry, none());
    api(registry, new Credentials.IdentityToken("a file", TOKEN));

    assertThat(shown(registry)).containsExactly(Optional.empty(), Optional.empty());
  }

  @Test
  void credentialsAreLookedForOnce() throws Exception {
    AtomicInteger looked = new AtomicInteger();
    ask(
        (name, repository) -> {
          looked.incrementAndGet();
          assertThat(repository).isEmpty();
          return ALICE;
        },
        client -> {
          for (int i = 0; i < 5; i++) {
            client.api(registry.name(), API, "its projects");
          }
          return "";
        });

    assertThat(looked).hasValue(1);
    assertThat(shown(registry)).hasSize(5).allMatch(Optional.of(basic())::equals);
  }

  @Test
  void apiIsShownNothingOverPlainHttp() throws Exception {
    api(plain, ALICE);
    assertThat(shown(plain)).containsExactly(Optional.empty());

    plain.on(API_PATH).always(status(401));
    assertThat(denial(ALICE, client -> client.api(plain.name(), API, "its projects")))
        .contains("not sent over plain http", "--insecure " + plain.name());

    settings.insecure();
    plain.on(API_PATH).always(reply(Reply.json(200, "{}")));
    plain.forgetRequests();
    api(plain, ALICE);
    assertThat(shown(plain)).containsExactly(Optional.of(basic()));
  }

  @Test
  void anotherServerIsShownNothing() throws Exception {
    registry.on(API_PATH).always(redirect(elsewhere.url() + API));

    assertThat(api(registry, ALICE)).isEqualTo("[1]");

    assertThat(shown(registry)).containsExactly(Optional.of(basic()));
    assertThat(shown(elsewhere)).containsExactly(Optional.empty());
  }

  @Test
  void refusalByTheApiSaysWhatToDo() throws Exception {
    registry.on(API_PATH).always(status(401));
    Question<?> question = client -> client.api(registry.name(), API, "its projects");

    assertThat(denial(none(), question)).contains("does not tell everybody its projects", "login");
    assertThat(denial(ALICE, question))
        .contains("does not accept the credentials of a file of tests for its projects")
        .contains("$oauthtoken");
    assertThat(denial(new Credentials.IdentityToken("a file", TOKEN), question))
        .contains("identity token");

    registry.on(API_PATH).always(status(403));
    assertThat(denial(ALICE, question)).contains("administrator");
  }

  @Test
  void whoLogsInAnewIsLetIn() throws Exception {
    AtomicInteger looked = new AtomicInteger();
    registry.on(API_PATH).then(status(401));

    ask(
        (name, repository) ->
            looked.getAndIncrement() == 0
                ? new Credentials.Password("a file", "alice", "an old password")
                : ALICE,
        client -> client.api(registry.name(), API, "its projects"));

    assertThat(shown(registry)).hasSize(2).last().isEqualTo(Optional.of(basic()));
  }

  @Test
  void secretsThatAreSaidBackAreHidden() throws Exception {
    registry
        .on(API_PATH)
        .always(reply(Reply.error(403, "DENIED", "not with " + basic() + " or " + PASSWORD)));

    assertThat(denial(ALICE, client -> client.api(registry.name(), API, "its projects")))
        .contains("***")
        .doesNotContain(basic().substring("Basic ".length()));

    registry.requireBasic("alice", PASSWORD);
    registry
        .on("/v2/_catalog")
        .always(reply(Reply.json(200, "{\"repositories\":[\"X" + PASSWORD + "\"]}")));
    assertThat(catalog(ALICE)).isEmpty();
    assertThat(asking.warnings()).singleElement().asString().contains("X***");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void whatTheApiDoesNotHaveIsNotFound(int status) throws Exception {
    registry.on(API_PATH).always(status(status));

    String message =
        ask(
            none(),
            client -> {
              try {
                throw new AssertionError(client.api(registry.name(), API, "its projects"));
              } catch (ScanException.NotFound e) {
                return e.getMessage();
              }
            });

    assertThat(message).contains(registry.name(), "its projects", "status " + status);
  }

  @Test
  void apiIsAskedAgainForWhatMayPassAndReadWithinABound() throws Exception {
    registry.on(API_PATH).then(status(502));
    assertThat(api(registry, none())).isEqualTo("[1]");
    assertThat(asking.waits()).hasSize(1);

    registry.on(API_PATH).always(reply(Reply.json(200, " ".repeat((4 << 20) + 1))));
    String kind =
        ask(
            none(),
            client -> {
              try {
                throw new AssertionError(client.api(registry.name(), API, "its projects"));
              } catch (ScanException.LimitExceeded e) {
                return e.getMessage();
              }
            });
    assertThat(kind).contains(registry.name(), "its projects");
  }
}
