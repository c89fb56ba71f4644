package dev.imgcompat.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is given for one registry is shown to no other. */
class GivenCredentialsTest {
  private static final Credentials GIVEN = new Credentials.Password("--username", "me", "secret");
  private static final Credentials OTHER = new Credentials.IdentityToken("a file", "token");

  @ParameterizedTest
  @CsvSource({
    "registry.corp, registry.corp",
    "registry.corp:5000, Registry.Corp:5000",
    "docker.io, docker.io",
    "index.docker.io, docker.io"
  })
  void theRegistryIsShownWhatWasGiven(String given, String asked) throws Exception {
    assertThat(find(given, asked)).isEqualTo(GIVEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"registry.corp", "registry.corp:5001", "registry.corp.evil:5000", "docker.io", ""})
  void anyOtherIsLeftToTheOtherSource(String asked) throws Exception {
    assertThat(find("registry.corp:5000", asked)).isEqualTo(OTHER);
  }

  private static Credentials find(String given, String asked) throws Exception {
    return new GivenCredentials(given, GIVEN, (registry, repository) -> OTHER).find(asked, "a/b");
  }
}
