package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.html;
import static dev.imgcompat.core.testing.Answers.padded;
import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.retryAfter;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.ScanException.WhoseMove;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What registries list, and what they do instead. */
@Timeout(120)
class ListingTest {
  private static final String CATALOG = "/v2/_catalog";
  private static final String TAGS = "/v2/team/it/tags/list";

  private final FaultyRegistry registry = new FaultyRegistry();
  private final FaultyRegistry other = new FaultyRegistry();
  private final Asking asking = new Asking();
  private final SettingsBuilder settings = new SettingsBuilder();

  @AfterEach
  void stop() {
    registry.close();
    other.close();
  }

  private List<String> repositories() throws Exception {
    try (HttpRegistryClient client = asking.client(settings, CredentialSource.ANONYMOUS)) {
      return Asking.repositories(client, registry.name());
    }
  }

  private List<String> tags() throws Exception {
    try (HttpRegistryClient client = asking.client(settings, CredentialSource.ANONYMOUS)) {
      return Asking.tags(client, registry.name(), "team/it");
    }
  }

  private ScanException failure() {
    try {
      throw new AssertionError("listed " + repositories());
    } catch (ScanException e) {
      assertThat(e.getMessage()).contains(registry.name()).doesNotContain("\n");
      return e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Reply page(String body, String link) {
    return Reply.json(200, body).with("Link", link);
  }

  private static String next(String target) {
    return "<" + target + ">; rel=\"next\"";
  }

  private List<String> targets(String path) {
    return registry.requests(path).stream().map(RecordedRequest::target).toList();
  }

  @Test
  void repositoriesAndTagsAreListedPageByPage() throws Exception {
    registry.list(
        Map.of(
            "team/it", List.of("1", "2", "latest"),
            "base", List.of("1"),
            "a/b/c", List.of("1"),
            "x_y/z--1.2", List.of("1")),
        1000);

    assertThat(repositories()).containsExactly("a/b/c", "base", "team/it", "x_y/z--1.2");
    assertThat(targets(CATALOG)).containsExactly(CATALOG + "?n=2", CATALOG + "?last=base&n=2");
    assertThat(tags()).containsExactly("1", "2", "latest");
    assertThat(targets(TAGS)).containsExactly(TAGS + "?n=2", TAGS + "?last=2&n=2");
    assertThat(asking.warnings()).isEmpty();
  }

  @Test
  void aThousandAreAskedForAtOnce() throws Exception {
    registry.list(Map.of("team/it", List.of("1")), 1000);
    try (HttpRegistryClient client = new Pulling().client(settings, CredentialSource.ANONYMOUS)) {
      assertThat(Asking.repositories(client, registry.name())).containsExactly("team/it");
    }
    assertThat(targets(CATALOG)).containsExactly(CATALOG + "?n=1000");
  }

  @Test
  void whatIsListedIsPassedOnBeforeTheRestIsAskedFor() throws Exception {
    registry.list(Map.of("a", List.of(), "b", List.of(), "c", List.of()), 1000);
    List<Integer> asked = new ArrayList<>();
    try (HttpRegistryClient client = asking.client(settings, CredentialSource.ANONYMOUS)) {
      client.repositories(
          registry.name(), repository -> asked.add(registry.requests(CATALOG).size()));
    }
    assertThat(asked).containsExactly(1, 1, 2);
  }

  @Test
  void noConnectionIsHeldWhileAPageIsTaken() throws Exception {
    registry.list(Map.of("a", List.of("1"), "b", List.of("2"), "c", List.of("3")), 1000);
    List<String> found = new ArrayList<>();
    try (HttpRegistryClient client =
        asking.client(settings.connections(1), CredentialSource.ANONYMOUS)) {
      client.repositories(
          registry.name(),
          repository ->
              client.tags(registry.name(), repository, tag -> found.add(repository + ":" + tag)));
    }
    assertThat(found).containsExactly("a:1", "b:2", "c:3");
    assertThat(registry.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</v2/_catalog?last=b&n=2>; rel=\"next\"",
        "<URL/v2/_catalog?last=b&n=2>; rel=next",
        "<_catalog?last=b&n=2>;rel=\"Next\"",
        "<?last=b&n=2> ; title=\"a, <b>; c\" ; REL=\"prev next\"",
        "</v2/_catalog?last=x,y;z>; rel=\"prev\", </v2/_catalog?last=b&n=2>; rel=\"next\"",
      })
  void linksAreReadAsTheyMayBeWritten(String link) throws Exception {
    registry
        .on(CATALOG)
        .then(reply(page("{\"repositories\":[\"a\",\"b\"]}", link.replace("URL", registry.url()))))
        .then(reply(Reply.json(200, "{\"repositories\":[\"c\"]}")));

    assertThat(repositories()).containsExactly("a", "b", "c");
    assertThat(targets(CATALOG)).containsExactly(CATALOG + "?n=2", CATALOG + "?last=b&n=2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<x>; rel=\"prev\"", "<x>; title=\"rel=next\"", "<x>", "x; rel=next", ""})
  void whatIsNoLinkToTheRestEndsTheList(String link) throws Exception {
    registry.on(CATALOG).always(reply(page("{\"repositories\":[\"a\"]}", link)));

    assertThat(repositories()).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"OTHER/v2/_catalog?n=2", "//OTHERNAME/v2/_catalog", "https://SAME/v2/_catalog"})
  void linkToAnotherServerOrSchemeIsNotFollowed(String target) {
    String link =
        target
            .replace("OTHERNAME", other.name())
            .replace("OTHER", other.url())
            .replace("SAME", registry.name());
    registry.on(CATALOG).always(reply(page("{\"repositories\":[\"a\"]}", next(link))));

    ScanException failure = failure();

    assertThat(failure).hasMessageContaining("leads to another server");
    assertThat(failure.whoseMove()).isEqualTo(WhoseMove.REGISTRY);
    assertThat(failure.retryable()).isFalse();
    assertThat(other.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://[", "/v2/_catalog?a b", "mailto:a@b", "http://u:p@127.0.0.1/x"})
  void linkThatIsNoAddressIsRefused(String target) {
    registry.on(CATALOG).always(reply(page("{\"repositories\":[\"a\"]}", next(target))));

    assertThat(failure()).hasMessageContaining("no address");
  }

  @Test
  void linkToItselfEnds() {
    registry
        .on(CATALOG)
        .always(reply(page("{\"repositories\":[\"a\"]}", next("/v2/_catalog?last=a"))));

    assertThat(failure()).hasMessageContaining("in a circle");
    assertThat(registry.requests(CATALOG)).hasSize(2);
  }

  @Test
  void circleOfSeveralPagesEnds() {
    for (int i = 0; i < 5; i++) {
      registry
          .on(CATALOG + "?last=" + i)
          .always(
              reply(
                  page(
                      "{\"repositories\":[\"r" + i + "\"]}",
                      next(CATALOG + "?last=" + (i + 1) % 5))));
    }
    registry.on(CATALOG + "?n=2").always(reply(page("{\"repositories\":[]}", next("?last=0"))));

    assertThat(failure()).hasMessageContaining("in a circle");
    assertThat(registry.requests(CATALOG).size()).isBetween(6, 16);
  }

  @Test
  void samePageUnderEverNewLinksEnds() {
    AtomicInteger count = new AtomicInteger();
    registry
        .on(CATALOG)
        .always(
            exchange ->
                exchange.send(
                    page(
                        "{\"repositories\":[\"a\",\"b\"]}",
                        next(CATALOG + "?page=" + count.incrementAndGet()))));

    assertThat(failure()).hasMessageContaining("in a circle");
    assertThat(registry.requests(CATALOG)).hasSize(2);
  }

  @Test
  void emptyPageMayHaveARest() throws Exception {
    registry
        .on(CATALOG)
        .then(reply(page("{\"repositories\":[]}", next(CATALOG + "?last=a"))))
        .then(reply(Reply.json(200, "{\"repositories\":[\"b\"]}")));

    assertThat(repositories()).containsExactly("b");
  }

  @Test
  void registryThatListsAllAtOnceIsListedWhole() throws Exception {
    registry
        .on(TAGS)
        .always(reply(Reply.json(200, "{\"name\":\"team/it\",\"tags\":[\"1\",\"2\",\"3\"]}")));

    assertThat(tags()).containsExactly("1", "2", "3");
    assertThat(registry.requests(TAGS)).hasSize(1);
  }

  @Test
  void registryThatGivesLessAtOnceIsAskedForItsMeasure() throws Exception {
    registry.list(Map.of("a", List.of(), "b", List.of(), "c", List.of()), 1);

    assertThat(repositories()).containsExactly("a", "b", "c");
    assertThat(targets(CATALOG))
        .containsExactly(
            CATALOG + "?n=2", CATALOG, CATALOG + "?last=a&n=1", CATALOG + "?last=b&n=1");
  }

  @Test
  void registryThatRefusesAnywayIsSaidTo() {
    registry.on(CATALOG).always(status(400));

    assertThat(failure()).hasMessageContaining("status 400");
    assertThat(registry.requests(CATALOG)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"name\":\"team/it\",\"tags\":null}", "{\"tags\":[]}"})
  void nothingIsAnEmptyList(String body) throws Exception {
    registry.on(TAGS).always(reply(Reply.json(200, body)));

    assertThat(tags()).isEmpty();
    assertThat(asking.warnings()).isEmpty();
  }

  @Test
  void whatIsNoNameIsPassedOverWithOneWarning() throws Exception {
    registry
        .on(CATALOG)
        .then(
            reply(
                page(
                    "{\"repositories\":[\"a\",\"../b\\u001b[2J\",7,{\"x\":[1]},null,\"A\",\"b\"]}",
                    next(CATALOG + "?last=b"))))
        .then(reply(Reply.json(200, "{\"repositories\":[\"c:1\",\"d/\",\"\",\"e\"]}")));

    assertThat(repositories()).containsExactly("a", "b", "e");
    assertThat(asking.warnings())
        .containsExactly(
            "registry "
                + registry.name()
                + " lists as one of its repositories what cannot be the name of a repository, such"
                + " as '../b\\u001b[2J': passed over");
  }

  @Test
  void tagsMayBeUnusual() throws Exception {
    String long128 = "L".repeat(128);
    registry
        .on(TAGS)
        .always(
            reply(
                Reply.json(
                    200,
                    "{\"tags\":[\"_\",\"V1.0_-.\",\"0\",\""
                        + long128
                        + "\",\"-x\",\".x\",\"a+b\",\""
                        + long128
                        + "x\"]}")));

    assertThat(tags()).containsExactly("_", "V1.0_-.", "0", long128);
    assertThat(asking.warnings()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                | with an object",
        "''                                | with an object",
        "{}                                | has no 'repositories'",
        "{\"errors\":[]}                   | has no 'repositories'",
        "{\"repositories\":\"a\"}          | is no list",
        "{\"repositories\":{\"a\":1}}      | is no list",
        "{\"repositories\":[\"a\"          | with JSON",
        "{\"repositories\":[\"a\"]} []     | does not end",
        "{\"repositories\":[\"a\"],\"repositories\":[\"b\"]} | with JSON",
        "secret=hunter2                    | with JSON",
      })
  void whatIsNoListIsSaidToBeNone(String body, String reason) {
    registry.on(CATALOG).always(reply(Reply.json(200, body)));

    ScanException failure = failure();

    assertThat(failure)
        .isInstanceOf(ScanException.Unavailable.class)
        .hasMessageContaining("was asked for its repositories, but")
        .hasMessageContaining(reason);
    assertThat(failure.getMessage()).doesNotContain("hunter2");
    assertThat(failure.whoseMove()).isEqualTo(WhoseMove.REGISTRY);
  }

  @Test
  void nestingWithoutEndIsNoList() {
    registry.on(CATALOG).always(reply(Reply.json(200, "{\"repositories\":" + "[".repeat(100_000))));

    assertThat(failure()).isInstanceOf(ScanException.Unavailable.class);
  }

  @Test
  void pageOfMoreThanFourMebibytesIsNotRead() {
    registry.list(Map.of("a", List.of()), 1000).on(CATALOG).always(padded((4 << 20) + 1));

    assertThat(failure()).isInstanceOf(ScanException.LimitExceeded.class);
  }

  @Test
  void webPageIsNoList() {
    registry.on(CATALOG).always(html());

    assertThat(failure()).hasMessageContaining("web page");
  }

  @ParameterizedTest
  @CsvSource({
    "401, access-denied",
    "403, access-denied",
    "404, not-found",
    "405, not-found",
    "501, not-found"
  })
  void registryThatDoesNotListIsTheUsersMove(int status, String kind) {
    registry.on(CATALOG).always(status(status));

    ScanException failure = failure();

    assertThat(failure)
        .hasMessageContaining("status " + status)
        .hasMessageContaining("name the repositories")
        .hasMessageContaining("Harbor or Quay");
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.whoseMove()).isEqualTo(WhoseMove.USER);
    assertThat(registry.requests(CATALOG)).hasSize(1);
  }

  @Test
  void dockerHubHasNoCatalogAndIsNotAsked() {
    try (HttpRegistryClient client = asking.client(settings, CredentialSource.ANONYMOUS)) {
      assertThatThrownBy(() -> Asking.repositories(client, "docker.io"))
          .isInstanceOf(ScanException.NotFound.class)
          .hasMessageContaining("docker.io")
          .hasMessageContaining("name the repositories");
    }
  }

  @Test
  void repositoryWithoutTagsIsNotFound() {
    registry.list(Map.of(), 1000);

    assertThatThrownBy(this::tags)
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining(registry.name())
        .hasMessageContaining("team/it");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void tagsThatAreNotForEverybodyAreDenied(int status) {
    registry.on(TAGS).always(status(status));

    assertThatThrownBy(this::tags)
        .isInstanceOf(ScanException.AccessDenied.class)
        .hasMessageContaining("does not let everybody pull team/it");
  }

  @Test
  void whatMayPassIsTriedAgain() throws Exception {
    registry.list(Map.of("a", List.of()), 1000);
    registry
        .on(CATALOG)
        .then(status(503))
        .then(retryAfter(429, 0))
        .then(exchange -> exchange.reset());

    assertThat(repositories()).containsExactly("a");
    assertThat(asking.waits()).hasSize(3);
    assertThat(asking.limits()).containsExactly(registry.name());
  }

  @Test
  void whatDoesNotPassFailsInTheEnd() {
    registry.on(CATALOG).always(status(500));

    assertThat(failure())
        .isInstanceOf(ScanException.Unavailable.class)
        .hasMessageContaining("could not be asked for its repositories")
        .hasMessageContaining("4 tries");
  }

  @Test
  void failureInTheMiddleEndsTheList() {
    registry
        .on(CATALOG)
        .then(reply(page("{\"repositories\":[\"a\"]}", next(CATALOG + "?last=a"))))
        .then(status(404));
    List<String> found = new ArrayList<>();
    try (HttpRegistryClient client = asking.client(settings, CredentialSource.ANONYMOUS)) {
      assertThatThrownBy(() -> client.repositories(registry.name(), found::add))
          .isInstanceOf(ScanException.NotFound.class);
    }
    assertThat(found).containsExactly("a");
  }

  @Test
  void whoeverTakesMayEndIt() {
    registry.list(Map.of("a", List.of(), "b", List.of(), "c", List.of()), 1000);
    ScanException enough = new ScanException.NotFound("enough");
    try (HttpRegistryClient client = asking.client(settings, CredentialSource.ANONYMOUS)) {
      assertThatThrownBy(
              () ->
                  client.repositories(
                      registry.name(),
                      repository -> {
                        throw enough;
                      }))
          .isSameAs(enough);
    }
    assertThat(registry.requests(CATALOG)).hasSize(1);
  }

  @Test
  void interruptionEndsIt() {
    registry.list(Map.of("a", List.of(), "b", List.of(), "c", List.of()), 1000);
    try (HttpRegistryClient client = asking.client(settings, CredentialSource.ANONYMOUS)) {
      assertThatThrownBy(
              () ->
                  client.repositories(
                      registry.name(), repository -> Thread.currentThread().interrupt()))
          .isInstanceOf(InterruptedException.class);
    }
    assertThat(registry.requests(CATALOG)).hasSize(1);
  }

  @Test
  void nobodyIsAskedWhoMustNotBe() {
    Reach nobody =
        new Reach() {
          @Override
          public void checkHost(String name, URI address) throws UnreachableException {
            throw new UnreachableException("not on the list");
          }

          @Override
          public void checkAddress(String name, String host, InetAddress address) {}
        };
    try (HttpRegistryClient client =
        asking.client(settings, CredentialSource.ANONYMOUS, nobody, 2)) {
      assertThatThrownBy(() -> Asking.repositories(client, registry.name()))
          .isInstanceOf(ScanException.NotAllowed.class);
      assertThatThrownBy(() -> client.api(registry.name(), "/api/x", "the x"))
          .isInstanceOf(ScanException.NotAllowed.class);
    }
    assertThat(registry.connections()).isZero();
  }

  @Test
  void mirrorsAreNotAsked() throws Exception {
    settings.mirrors(new Mirror(other.name(), ""));
    registry.list(Map.of("team/it", List.of("1")), 1000);

    assertThat(repositories()).containsExactly("team/it");
    assertThat(tags()).containsExactly("1");
    assertThat(other.connections()).isZero();
  }
}
