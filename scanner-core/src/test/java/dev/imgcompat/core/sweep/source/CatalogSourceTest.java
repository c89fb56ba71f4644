package dev.imgcompat.core.sweep.source;

import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.testing.Clients;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogSourceTest extends ReferenceSourceContract {
  private final FaultyRegistry registry =
      new FaultyRegistry()
          .list(
              Map.of(
                  "base", List.of("1", "2", "3"),
                  "empty", List.of(),
                  "team/app", List.of("latest"),
                  "team/b/c", List.of("7", "8"),
                  "z", List.of("1")),
              2);
  private final HttpRegistryClient client = Clients.with(new SettingsBuilder().retries(1).build());

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  private ReferenceSource source(String name) throws ScanException {
    return ReferenceSources.of(new SourceSpec.Catalog(name), client, InputStream.nullInputStream());
  }

  @Override
  protected ReferenceSource source() throws ScanException {
    return source(registry.name());
  }

  private List<String> named(String... references) {
    return Stream.of(references).map(r -> registry.name() + "/" + r).toList();
  }

  @Override
  protected List<String> expected() {
    return named(
        "base:1", "base:2", "base:3", "team/app:latest", "team/b/c:7", "team/b/c:8", "z:1");
  }

  @Override
  protected int asked() {
    return registry.requests().size();
  }

  @Override
  protected void breakSomething() {
    registry.on("/v2/team/app/tags/list").always(status(403));
  }

  @Override
  protected List<String> broken() {
    return named("team/app:latest");
  }

  @Override
  protected boolean isAskedFor(String repository) {
    String path = repository.substring(registry.name().length());
    return !registry.requests("/v2" + path + "/tags/list").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "401, access-denied",
    "403, access-denied",
    "500, registry-unavailable",
    "400, registry-unavailable"
  })
  void repositoryThatCannotBeListedIsToldByItsName(int status, String kind) throws Exception {
    registry.on("/v2/team/b/c/tags/list").always(status(status));
    RecordedListing listing = new RecordedListing();
    source().list(listing);

    assertThat(listing.names()).hasSize(expected().size() - 2);
    assertThat(listing.unlisted())
        .containsOnlyKeys("repository " + registry.name() + "/team/b/c")
        .allSatisfy((what, why) -> assertThat(why.kind()).isEqualTo(kind));
  }

  @Test
  void failureInTheMiddleOfARepositoryKeepsWhatWasFound() throws Exception {
    registry.on("/v2/base/tags/list?last=2&n=2").always(status(403));
    RecordedListing listing = new RecordedListing();
    source().list(listing);

    assertThat(listing.names()).startsWith(named("base:1", "base:2").toArray(String[]::new));
    assertThat(listing.unlisted()).containsOnlyKeys("repository " + registry.name() + "/base");
  }

  @Test
  void catalogThatCannotBeListedIsAFailure() throws Exception {
    registry.on("/v2/_catalog").always(status(404));

    assertThatThrownBy(() -> source().list(new RecordedListing()))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining("name the repositories");
  }

  @Test
  void catalogThatBreaksOffIsAFailureAfterWhatWasFound() throws Exception {
    registry.on("/v2/_catalog?last=empty&n=2").always(status(500));
    RecordedListing listing = new RecordedListing();

    assertThatThrownBy(() -> source().list(listing)).isInstanceOf(ScanException.Unavailable.class);
    assertThat(listing.names()).isEqualTo(named("base:1", "base:2", "base:3"));
  }

  @Test
  void registryThatIsDownIsNotAskedForEachRepository() throws Exception {
    Map<String, List<String>> many = new TreeMap<>();
    for (int i = 10; i < 30; i++) {
      many.put("r" + i, List.of("1"));
    }
    RecordedListing listing = new RecordedListing();
    try (FaultyRegistry down = new FaultyRegistry().list(many, 100)) {
      for (int i = 11; i < 30; i++) {
        down.on("/v2/r" + i + "/tags/list").always(status(503));
      }

      assertThatThrownBy(() -> source(down.name()).list(listing))
          .isInstanceOf(ScanException.Unavailable.class)
          .hasMessageContaining("503");

      assertThat(listing.names()).containsExactly(down.name() + "/r10:1");
      assertThat(listing.unlisted()).hasSize(4);
    }
  }

  @Test
  void registryThatFailsNowAndThenIsAskedForAll() throws Exception {
    Map<String, List<String>> many = new TreeMap<>();
    for (int i = 10; i < 30; i++) {
      many.put("r" + i, List.of("1"));
    }
    RecordedListing listing = new RecordedListing();
    try (FaultyRegistry fails = new FaultyRegistry().list(many, 100)) {
      for (int i = 10; i < 30; i += 2) {
        fails.on("/v2/r" + i + "/tags/list").always(status(503));
      }

      source(fails.name()).list(listing);
    }

    assertThat(listing.names()).hasSize(10);
    assertThat(listing.unlisted()).hasSize(10);
  }

  @Test
  void dockerHubHasNone() throws Exception {
    assertThatThrownBy(() -> source("index.docker.io").list(new RecordedListing()))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining("docker.io")
        .hasMessageContaining("name the repositories");
  }
}
