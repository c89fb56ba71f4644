package dev.imgcompat.core.sweep.source;

import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.registry.RegistryListings;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.testing.Clients;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositorySourceTest extends ReferenceSourceContract {
  private static final String TAGS = "/v2/team/app/tags/list";

  private final FaultyRegistry registry =
      new FaultyRegistry().list(Map.of("team/app", List.of("1", "2", "3"), "x", List.of("1")), 2);
  private final HttpRegistryClient client = Clients.with(new SettingsBuilder().retries(1).build());

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  private static ReferenceSource source(String name, RegistryListings client) throws ScanException {
    return ReferenceSources.of(
        new SourceSpec.Repository(name), client, InputStream.nullInputStream());
  }

  @Override
  protected ReferenceSource source() throws ScanException {
    return source(registry.name() + "/team/app", client);
  }

  @Override
  protected List<String> expected() {
    return Stream.of("1", "2", "3").map(tag -> registry.name() + "/team/app:" + tag).toList();
  }

  @Override
  protected int asked() {
    return registry.requests().size();
  }

  @Override
  protected void breakSomething() {
    registry.on(TAGS).always(status(403));
  }

  @Override
  protected List<String> broken() {
    return expected();
  }

  @Override
  protected boolean isAskedFor(String repository) {
    return !registry.requests(TAGS).isEmpty();
  }

  @Test
  void repositoryThatIsNotThereIsTold() throws Exception {
    RecordedListing listing = new RecordedListing();
    source(registry.name() + "/team/none", client).list(listing);

    assertThat(listing.unlisted())
        .containsOnlyKeys("repository " + registry.name() + "/team/none")
        .allSatisfy((what, why) -> assertThat(why).isInstanceOf(ScanException.NotFound.class));
  }

  @ParameterizedTest
  @CsvSource({
    "centos, docker.io/library/centos",
    "oci, docker.io/library/oci",
    "team/app, docker.io/team/app",
    "index.docker.io/team/app, docker.io/team/app",
    "docker://quay.io/a/b, quay.io/a/b",
    "localhost:5000/a, localhost:5000/a",
  })
  void namesAreReadAsDockerReadsThem(String name, String full) throws Exception {
    assertThat(source(name, RegistryListings.NONE).name()).isEqualTo("repository " + full);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "centos:6",
        "localhost:5000/a:1",
        "registry.example:5000",
        "a@sha256:0123456789012345678901234567890123456789012345678901234567890123",
      })
  void tagsAndDigestsAreTooMuch(String name) {
    assertThatThrownBy(() -> source(name, RegistryListings.NONE))
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageContaining(name)
        .hasMessageContaining("without tag and digest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Team/App", "https://r.example/a", "a//b", "scratch", "a b", "a/\n"})
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> source(name, RegistryListings.NONE))
        .isInstanceOf(ScanException.InvalidReference.class)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void credentialsAreNotSaidBack() {
    assertThatThrownBy(() -> source("alice:hunter2@r.example/a", RegistryListings.NONE))
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageContaining("credentials")
        .message()
        .doesNotContain("hunter2");
  }
}
