package dev.imgcompat.core.sweep.source;

import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.ScanException.WhoseMove;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.registry.RegistryListings;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.testing.Clients;
import dev.imgcompat.core.testing.FakeHarbor;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HarborSourceTest extends ReferenceSourceContract {
  private static final String API = "/api/v2.0/projects";
  private static final String DEEP = API + "/team/repositories/a%2Fb/artifacts";
  private static final Instant PUSHED = Instant.parse("2024-05-06T07:08:09.123Z");
  private static final int MANY = 150;

  private final FakeHarbor harbor = new FakeHarbor();
  private final HttpRegistryClient client = Clients.with(new SettingsBuilder().retries(1).build());

  @BeforeEach
  void fill() {
    for (int i = 0; i < MANY; i++) {
      harbor.image("library", "many", digest(i), PUSHED.plusSeconds(i), "v" + i);
    }
    harbor
        .project("nothing")
        .image("team", "a/b", digest(1), PUSHED, "1", "latest")
        .image("team", "a/b", digest(2), PUSHED)
        .artifact("team", "a/b", "CHART", digest(3).value(), PUSHED, "chart-1")
        .artifact("team", "chart", "CHART", digest(4).value(), PUSHED, "2")
        .image("team", "c", digest(5), PUSHED, "3");
  }

  @AfterEach
  void stop() {
    client.close();
    harbor.close();
  }

  private static Digest digest(int number) {
    return Digest.ofText("image " + number);
  }

  private ReferenceSource source(String... projects) throws ScanException {
    return ReferenceSources.of(
        new SourceSpec.Harbor(harbor.name(), List.of(projects)),
        client,
        InputStream.nullInputStream());
  }

  private RecordedListing listed(String... projects) throws Exception {
    RecordedListing listing = new RecordedListing();
    source(projects).list(listing);
    return listing;
  }

  @Override
  protected ReferenceSource source() throws ScanException {
    return source(new String[0]);
  }

  @Override
  protected List<String> expected() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      expected.add(harbor.name() + "/library/many:v" + i);
    }
    for (String name : List.of("a/b:1", "a/b:latest", "c:3")) {
      expected.add(harbor.name() + "/team/" + name);
    }
    return expected;
  }

  @Override
  protected int asked() {
    return harbor.requests().size();
  }

  @Override
  protected void breakSomething() {
    harbor.on(DEEP).always(status(403));
  }

  @Override
  protected List<String> broken() {
    return List.of(harbor.name() + "/team/a/b:1", harbor.name() + "/team/a/b:latest");
  }

  @Override
  protected boolean isAskedFor(String repository) {
    String[] parts = repository.substring(harbor.name().length() + 1).split("/", 2);
    return !harbor
        .requests(
            API + "/" + parts[0] + "/repositories/" + parts[1].replace("/", "%2F") + "/artifacts")
        .isEmpty();
  }

  @Test
  void digestsAndTimesAreKnown() throws Exception {
    List<ListedReference> found = listed().found();

    for (int i = 0; i < MANY; i++) {
      assertThat(found.get(i).digest()).contains(digest(i));
      assertThat(found.get(i).pushedAt()).contains(PUSHED.plusSeconds(i));
      assertThat(found.get(i).reference().digest()).isEmpty();
    }
  }

  @Test
  void requestsAreThoseOfItsApi() throws Exception {
    listed();

    assertThat(harbor.requests().stream().map(RecordedRequest::target))
        .containsExactly(
            "/v2/",
            API + "?with_detail=false&page_size=100&page=1",
            API + "/library/repositories?sort=repository_id&page_size=100&page=1",
            API
                + "/library/repositories/many/artifacts?with_tag=true&q=tags%3D*&sort=id"
                + "&page_size=100&page=1",
            API
                + "/library/repositories/many/artifacts?with_tag=true&q=tags%3D*&sort=id"
                + "&page_size=100&page=2",
            API + "/nothing/repositories?sort=repository_id&page_size=100&page=1",
            API + "/team/repositories?sort=repository_id&page_size=100&page=1",
            API
                + "/team/repositories/a%252Fb/artifacts?with_tag=true&q=tags%3D*&sort=id"
                + "&page_size=100&page=1",
            API
                + "/team/repositories/chart/artifacts?with_tag=true&q=tags%3D*&sort=id"
                + "&page_size=100&page=1",
            API
                + "/team/repositories/c/artifacts?with_tag=true&q=tags%3D*&sort=id"
                + "&page_size=100&page=1");
  }

  @Test
  void pageThatIsFullMayBeTheLast() throws Exception {
    for (int i = 0; i < 99; i++) {
      harbor.project("p" + i);
    }
    assertThat(listed().names()).isEqualTo(expected());
    assertThat(harbor.requests(API)).hasSize(2);

    for (int i = 0; i < 98; i++) {
      harbor.project("q" + i);
    }
    harbor.forgetRequests();
    assertThat(listed().names()).isEqualTo(expected());
    assertThat(harbor.requests(API)).hasSize(3);
  }

  @Test
  void onlyTheProjectsThatAreNamedAreListed() throws Exception {
    assertThat(listed("team").names()).isEqualTo(expected().subList(MANY, MANY + 3));

    assertThat(harbor.requests(API)).isEmpty();
    assertThat(source("team", "x").name())
        .isEqualTo("projects team, x of the Harbor " + harbor.name());
  }

  @Test
  void projectThatCannotBeListedIsTold() throws Exception {
    RecordedListing listing = listed("secret", "team");

    assertThat(listing.names()).hasSize(3);
    assertThat(listing.unlisted())
        .containsOnlyKeys("project secret of " + harbor.name())
        .allSatisfy(
            (what, why) -> {
              assertThat(why).isInstanceOf(ScanException.AccessDenied.class);
              assertThat(why).hasMessageContaining("the repositories of its project secret");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"Team", "a/b", "../x", "", "a?b=c", "a%2Fb"})
  void projectsHaveNames(String name) {
    assertThatThrownBy(() -> source(name))
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageContaining("project");
  }

  @Test
  void repositoryThatIsDeletedMeanwhileIsNoFailure() throws Exception {
    harbor.on(DEEP).always(status(404));
    RecordedListing listing = listed("team");

    assertThat(listing.names()).containsExactly(harbor.name() + "/team/c:3");
    assertThat(listing.unlisted()).isEmpty();
  }

  @Test
  void whatIsNoHarborIsAskedAbout() {
    harbor.on(API).always(status(404));

    assertThatThrownBy(this::listed)
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining(harbor.name())
        .hasMessageContaining("is that a Harbor");
  }

  @Test
  void projectsThatBreakOffAreAFailure() throws Exception {
    for (int i = 0; i < 100; i++) {
      harbor.project("p" + i);
    }
    harbor.on(API + "?with_detail=false&page_size=100&page=2").always(status(500));
    RecordedListing listing = new RecordedListing();

    assertThatThrownBy(() -> source().list(listing)).isInstanceOf(ScanException.Unavailable.class);
    assertThat(listing.names()).isEqualTo(expected());
  }

  @Test
  void oneThatIsDownIsNotAskedForEachRepository() throws Exception {
    for (int i = 0; i < 20; i++) {
      harbor.image("down", "r" + i, digest(i), PUSHED, "1");
    }
    harbor.on(API + "/down/repositories/*").always(status(503));
    RecordedListing listing = new RecordedListing();

    assertThatThrownBy(() -> source("library", "down", "team").list(listing))
        .isInstanceOf(ScanException.Unavailable.class);

    assertThat(listing.names()).hasSize(MANY);
    assertThat(listing.unlisted()).hasSize(4);
  }

  @Test
  void oneThatIsDownIsNotAskedForEachProject() throws Exception {
    String[] projects = new String[20];
    for (int i = 0; i < projects.length; i++) {
      projects[i] = "p" + i;
      harbor.on(API + "/p" + i + "/repositories").always(status(503));
    }
    RecordedListing listing = new RecordedListing();

    assertThatThrownBy(() -> source(projects).list(listing))
        .isInstanceOf(ScanException.Unavailable.class);

    assertThat(listing.unlisted()).hasSize(4);
  }

  @Test
  void samePageAgainAndAgainEnds() throws Exception {
    StringBuilder page = new StringBuilder("[");
    for (int i = 0; i < 100; i++) {
      page.append(i == 0 ? "" : ",").append("{\"name\":\"team/r").append(i).append("\"}");
    }
    harbor
        .on(API + "/team/repositories")
        .always(reply(Reply.json(200, page.append(']').toString())));
    RecordedListing listing = listed("team");

    assertThat(listing.unlisted()).containsOnlyKeys("project team of " + harbor.name());
    assertThat(listing.unlisted().values().iterator().next())
        .hasMessageContaining("the same page again and again");
    assertThat(harbor.requests(API + "/team/repositories")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                    | is no list",
        "{\"errors\":[]}       | is no list",
        "7                     | is no list",
        "''                    | is no list",
        "[{\"name\":\"team/c\" | with JSON",
        "[] []                 | goes on",
        "hunter2               | with JSON",
      })
  void answerThatIsNoListIsTheRegistrysMove(String json, String reason) throws Exception {
    harbor.on(API + "/team/repositories").always(reply(Reply.json(200, json)));
    RecordedListing listing = listed("team");

    assertThat(listing.unlisted()).hasSize(1);
    ScanException why = listing.unlisted().values().iterator().next();
    assertThat(why).hasMessageContaining(harbor.name()).hasMessageContaining(reason);
    assertThat(why.getMessage()).doesNotContain("hunter2");
    assertThat(why.whoseMove()).isEqualTo(WhoseMove.REGISTRY);
  }

  @Test
  void strangeItemsAreToldOnceAndPassedOver() throws Exception {
    harbor
        .on(API + "/team/repositories")
        .always(
            reply(
                Reply.json(
                    200,
                    """
                    [7, null, [], {}, {"name":7}, {"name":"team/"}, {"name":"other/x"},
                     {"name":"team/../x"}, {"name":"team/a\\nb"}, {"name":"team/c"}]
                    """)));
    RecordedListing listing = listed("team");

    assertThat(listing.names()).containsExactly(harbor.name() + "/team/c:3");
    assertThat(listing.unlisted())
        .containsOnlyKeys("some of the repositories of its project team of " + harbor.name());
  }

  @Test
  void strangeArtifactsAreToldOnceAndPassedOver() throws Exception {
    String good = digest(1).value();
    harbor
        .on(API + "/team/repositories/c/artifacts")
        .always(
            reply(
                Reply.json(
                    200,
                    """
                    [7, {"tags":"x"}, {"digest":"DIGEST"}, {"digest":"DIGEST","tags":null},
                     {"digest":"DIGEST","tags":[{"name":"-bad"}, {"nome":"x"}, 5, {"name":"ok"}]},
                     {"digest":"sha512:00","tags":[{"name":"strange-digest",
                      "push_time":"0001-01-01T00:00:00.000Z"}]},
                     {"type":"IMAGE","tags":[{"name":"no-digest","push_time":"yesterday"}]},
                     {"type":"SBOM","digest":"DIGEST","tags":[{"name":"sbom"}]},
                     {"type":7,"digest":"DIGEST","tags":[{"name":"of-type-7","push_time":7}]}]
                    """
                        .replace("DIGEST", good))));
    RecordedListing listing = listed("team");

    List<ListedReference> found =
        listing.found().stream().filter(f -> f.reference().repository().equals("team/c")).toList();
    assertThat(found.stream().map(f -> f.reference().tag().orElseThrow()))
        .containsExactly("ok", "strange-digest", "no-digest", "of-type-7");
    assertThat(found.stream().map(ListedReference::digest))
        .containsExactly(
            Optional.of(digest(1)), Optional.empty(), Optional.empty(), Optional.of(digest(1)));
    assertThat(found).allMatch(f -> f.pushedAt().isEmpty());
    assertThat(listing.unlisted())
        .containsOnlyKeys("some of the artifacts of team/c of " + harbor.name());
  }

  @Test
  void listingsThatKnowNothingAreNotAskedBeforeTheyHaveTo() throws Exception {
    assertThat(
            ReferenceSources.of(
                    new SourceSpec.Harbor("h.example", List.of()),
                    RegistryListings.NONE,
                    InputStream.nullInputStream())
                .name())
        .isEqualTo("all projects of the Harbor h.example");
  }
}
