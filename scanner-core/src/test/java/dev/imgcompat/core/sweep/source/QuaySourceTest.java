package dev.imgcompat.core.sweep.source;

import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.testing.Clients;
import dev.imgcompat.core.testing.FakeQuay;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuaySourceTest extends ReferenceSourceContract {
  private static final String API = "/api/v1/repository";
  private static final Instant START = Instant.parse("2024-05-06T07:08:09Z");
  private static final int MANY = 150;

  private final FakeQuay quay = new FakeQuay();
  private final HttpRegistryClient client = Clients.with(new SettingsBuilder().retries(1).build());

  @BeforeEach
  void fill() {
    for (int i = 0; i < MANY; i++) {
      quay.tag("acme", "many", "v" + i, digest(i), START.plusSeconds(i));
    }
    quay.tag("acme", "deep/er", "1", digest(1), START)
        .repository("acme", "empty", "image")
        .repository("acme", "an-app", "application")
        .tag("other", "x", "1", digest(1), START)
        .tag("team", "app", "latest", digest(2), START);
  }

  @Test
  void oneThatIsDownIsNotAskedForEachRepository() throws Exception {
    for (int i = 0; i < 20; i++) {
      quay.tag("down", "r" + i, "1", digest(i), START);
    }
    quay.on(API + "/down/*").always(status(503));
    RecordedListing listing = new RecordedListing();

    assertThatThrownBy(() -> source("acme", "down", "team").list(listing))
        .isInstanceOf(ScanException.Unavailable.class);

    assertThat(listing.names()).hasSize(MANY + 1);
    assertThat(listing.unlisted()).hasSize(4);
  }

  @AfterEach
  void stop() {
    client.close();
    quay.close();
  }

  private static Digest digest(int number) {
    return Digest.ofText("image " + number);
  }

  private ReferenceSource source(String... namespaces) throws ScanException {
    return ReferenceSources.of(
        new SourceSpec.Quay(quay.name(), List.of(namespaces)),
        client,
        InputStream.nullInputStream());
  }

  private RecordedListing listed(String... namespaces) throws Exception {
    RecordedListing listing = new RecordedListing();
    source(namespaces).list(listing);
    return listing;
  }

  @Override
  protected ReferenceSource source() throws ScanException {
    return source("acme", "team");
  }

  @Override
  protected List<String> expected() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      expected.add(quay.name() + "/acme/many:v" + i);
    }
    expected.add(quay.name() + "/acme/deep/er:1");
    expected.add(quay.name() + "/team/app:latest");
    return expected;
  }

  @Override
  protected int asked() {
    return quay.requests().size();
  }

  @Override
  protected void breakSomething() {
    quay.on(API + "/acme/deep/er/tag/").always(status(403));
  }

  @Override
  protected List<String> broken() {
    return List.of(quay.name() + "/acme/deep/er:1");
  }

  @Override
  protected boolean isAskedFor(String repository) {
    String path = API + repository.substring(quay.name().length()) + "/tag/";
    return !quay.requests(path).isEmpty();
  }

  @Test
  void digestsAndTimesAreKnown() throws Exception {
    List<ListedReference> found = listed("acme").found();

    for (int i = 0; i < MANY; i++) {
      assertThat(found.get(i).digest()).contains(digest(i));
      assertThat(found.get(i).pushedAt()).contains(START.plusSeconds(i));
    }
  }

  @Test
  void requestsAreThoseOfItsApi() throws Exception {
    listed("acme");

    assertThat(quay.requests().stream().map(RecordedRequest::target))
        .containsExactly(
            "/v2/",
            API + "?namespace=acme&public=true",
            API + "/acme/many/tag/?onlyActiveTags=true&limit=100&page=1",
            API + "/acme/many/tag/?onlyActiveTags=true&limit=100&page=2",
            API + "/acme/deep/er/tag/?onlyActiveTags=true&limit=100&page=1",
            API + "/acme/empty/tag/?onlyActiveTags=true&limit=100&page=1");
  }

  @Test
  void repositoriesOfSeveralPagesAreListed() throws Exception {
    for (int i = 0; i < 230; i++) {
      quay.tag("big", "r" + i, "1", digest(i), START);
    }
    RecordedListing listing = listed("big");

    assertThat(listing.names()).hasSize(230).doesNotHaveDuplicates();
    assertThat(quay.requests(API)).hasSize(3);
  }

  @Test
  void namespaceThatIsNotThereHasNothing() throws Exception {
    RecordedListing listing = listed("nobody");

    assertThat(listing.names()).isEmpty();
    assertThat(listing.unlisted()).isEmpty();
  }

  @Test
  void namespaceThatCannotBeListedIsToldAndTheNextGoesOn() throws Exception {
    quay.on(API + "?namespace=acme&public=true").always(status(401));
    RecordedListing listing = listed("acme", "team");

    assertThat(listing.names()).containsExactly(quay.name() + "/team/app:latest");
    assertThat(listing.unlisted()).containsOnlyKeys("namespace acme of " + quay.name());
  }

  @Test
  void whatIsNoQuayIsAskedAbout() throws Exception {
    quay.on(API).always(status(404));

    assertThat(listed("acme").unlisted())
        .allSatisfy((what, why) -> assertThat(why).hasMessageContaining("is that a Quay?"))
        .hasSize(1);
  }

  @Test
  void repositoryThatIsDeletedMeanwhileIsNoFailure() throws Exception {
    quay.on(API + "/acme/deep/er/tag/").always(status(404));
    RecordedListing listing = listed("acme");

    assertThat(listing.names()).hasSize(MANY);
    assertThat(listing.unlisted()).isEmpty();
  }

  @Test
  void namespacesAreNamed() {
    assertThatThrownBy(this::source0)
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageContaining("name organisations or users");
  }

  private void source0() throws ScanException {
    source(new String[0]).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Acme", "a/b", "", "a&public=true", "../x"})
  void namespacesHaveNames(String name) {
    assertThatThrownBy(() -> source(name))
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageContaining("namespace");
  }

  @Test
  void samePageAgainAndAgainEnds() throws Exception {
    quay.on(API + "/team/app/tag/")
        .always(reply(Reply.json(200, "{\"tags\":[{\"name\":\"1\"}],\"has_additional\":true}")));
    RecordedListing listing = listed("team");

    assertThat(listing.names()).containsExactly(quay.name() + "/team/app:1");
    assertThat(listing.unlisted()).containsOnlyKeys("repository " + quay.name() + "/team/app");
    assertThat(quay.requests(API + "/team/app/tag/")).hasSize(2);
  }

  @Test
  void pagesWithoutEndEnd() throws Exception {
    AtomicInteger count = new AtomicInteger();
    quay.on(API + "/team/app/tag/")
        .always(
            exchange ->
                exchange.send(
                    Reply.json(
                        200,
                        "{\"tags\":[],\"has_additional\":true,\"page\":"
                            + count.incrementAndGet()
                            + "}")));
    RecordedListing listing = listed("team");

    assertThat(listing.unlisted().values().iterator().next())
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("10000 pages");
    assertThat(count).hasValue(10_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                            | with an object",
        "{}                            | has no 'repositories'",
        "{\"repositories\":{}}         | is no list",
        "{\"repositories\":[],\"repositories\":[]} | with JSON",
        "{\"repositories\":[           | with JSON",
      })
  void answerThatIsNoListIsTold(String json, String reason) throws Exception {
    quay.on(API).always(reply(Reply.json(200, json)));

    assertThat(listed("team").unlisted())
        .hasSize(1)
        .allSatisfy((what, why) -> assertThat(why).hasMessageContaining(reason));
  }

  @Test
  void strangeItemsAreToldOnceAndPassedOver() throws Exception {
    quay.on(API + "?namespace=team&public=true")
        .always(
            reply(
                Reply.json(
                    200,
                    """
                    {"next_page":"","repositories":[7, {}, {"namespace":"team"},
                     {"namespace":"acme","name":"many"}, {"namespace":"team","name":"../x"},
                     {"namespace":"team","name":"app","kind":"image"},
                     {"namespace":"team","name":"app2","kind":"application"}]}
                    """)));
    quay.on(API + "/team/app/tag/")
        .always(
            reply(
                Reply.json(
                    200,
                    """
                    {"has_additional":"yes","tags":[null, {"name":"-x"}, {"name":7},
                     {"name":"a","start_ts":"soon","manifest_digest":"sha512:00"},
                     {"name":"b","start_ts":1e300}, {"name":"c","start_ts":-5},
                     {"name":"d","start_ts":9223372036854775807},
                     {"name":"e","start_ts":99999999999999999999999}]}
                    """)));
    RecordedListing listing = listed("team");

    assertThat(listing.found().stream().map(f -> f.reference().tag().orElseThrow()))
        .containsExactly("a", "b", "c", "d", "e");
    assertThat(listing.found()).allMatch(f -> f.digest().isEmpty() && f.pushedAt().isEmpty());
    assertThat(listing.unlisted())
        .containsOnlyKeys(
            "some of the repositories of team of " + quay.name(),
            "some of the tags of team/app of " + quay.name());
  }
}
