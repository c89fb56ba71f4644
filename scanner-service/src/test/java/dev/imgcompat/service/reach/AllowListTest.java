package dev.imgcompat.service.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.registry.UnreachableException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts may be asked, by their names. */
class AllowListTest {
  private static final AllowList LIST =
      new AllowList(
          List.of(
              "docker.io auth.docker.io *.cloudflare.docker.com",
              "registry.corp:5000  tokens.corp  blobs.corp:9000\t*.store.corp:8443",
              "Other.Corp",
              "10.1.2.3:5000",
              "[fd12::1]:5000 [fd12:0:0::2]"),
          List.of());

  private static void check(String registry, String address) throws UnreachableException {
    LIST.checkHost(registry, URI.create(address));
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io, https://registry-1.docker.io/v2/",
    "docker.io, https://registry-1.docker.io:443/v2/",
    "docker.io, https://auth.docker.io/token?service=registry.docker.io",
    "docker.io, https://production.cloudflare.docker.com/registry-v2/x",
    "docker.io, https://a.b.cloudflare.docker.com/",
    "index.docker.io, https://REGISTRY-1.Docker.IO/v2/",
    "registry.corp:5000, https://registry.corp:5000/v2/",
    "registry.corp:5000, http://registry.corp:5000/v2/",
    "Registry.Corp:5000, https://tokens.corp/",
    "registry.corp:5000, http://tokens.corp/",
    "registry.corp:5000, https://blobs.corp:9000/",
    "registry.corp:5000, https://eu.store.corp:8443/",
    "other.corp, https://other.corp/v2/",
    "other.corp, https://other.corp:443/v2/",
    "other.corp, http://other.corp/v2/",
    "10.1.2.3:5000, https://10.1.2.3:5000/v2/",
    "[fd12::1]:5000, https://[fd12::1]:5000/v2/",
    "[fd12::1]:5000, 'https://[FD12:0:0:0::2]/'",
  })
  void listedHostIsAllowed(String registry, String address) {
    assertThatCode(() -> check(registry, address)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io, https://docker.io/v2/",
    "docker.io, https://cloudflare.docker.com/",
    "docker.io, https://evilcloudflare.docker.com/",
    "docker.io, https://cloudflare.docker.com.evil.test/",
    "docker.io, https://auth.docker.io.evil.test/",
    "docker.io, https://auth.docker.io./",
    "docker.io, https://auth.docker.io:8443/",
    "docker.io, http://auth.docker.io:443/",
    "docker.io, https://auth.docker.io:80/",
    "docker.io, https://registry-1.docker.io:5000/v2/",
    "docker.io, https://tokens.corp/",
    "docker.io, https://other.corp/",
    "registry.corp:5000, https://registry.corp/v2/",
    "registry.corp:5000, https://blobs.corp/",
    "registry.corp:5000, https://tokens.corp:5000/",
    "registry.corp:5000, https://eu.store.corp/",
    "registry.corp:5000, https://store.corp:8443/",
    "other.corp, https://other.corp:5000/",
    "10.1.2.3:5000, https://10.1.2.4:5000/",
    "10.1.2.3:5000, https://167838211:5000/",
    "[fd12::1]:5000, https://[fd12::3]:5000/",
    "'docker.io', 'https://tokens.corp@auth.docker.io:99/'",
  })
  void hostThatIsNotListedWithTheRegistryIsRefused(String registry, String address) {
    assertThatThrownBy(() -> check(registry, address))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("is not listed with it in imgcompat.registries.allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quay.io",
        "docker.io:443",
        "registry.corp",
        "registry.corp:5001",
        "auth.docker.io",
        "evil.docker.io",
        "x.cloudflare.docker.com",
        "other.corp.",
        "other.corp:443",
        ""
      })
  void registryThatIsNotListedIsRefused(String registry) {
    assertThat(LIST.isAllowed(registry)).isFalse();
    assertThatThrownBy(() -> check(registry, "https://auth.docker.io/"))
        .isInstanceOf(UnreachableException.class)
        .hasMessage("it is not listed in imgcompat.registries.allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io",
        "index.docker.io",
        "registry-1.docker.io",
        "Docker.IO",
        "registry.corp:5000",
        "OTHER.corp"
      })
  void listedRegistryMayBeAsked(String registry) {
    assertThat(LIST.isAllowed(registry)).isTrue();
  }

  @Test
  void refusalNamesHostAndPort() {
    assertThatThrownBy(() -> check("docker.io", "https://Blobs.evil.test/a?signature=secret"))
        .hasMessage(
            "host blobs.evil.test, port 443, is not listed with it in"
                + " imgcompat.registries.allowed");
  }

  @Test
  void entriesOfOneRegistryAddUp() throws Exception {
    AllowList list =
        new AllowList(
            List.of("index.docker.io auth.docker.io", "docker.io *.r2.cloudflarestorage.com"),
            List.of());

    assertThat(list.registries()).containsExactly("docker.io");
    list.checkHost("docker.io", URI.create("https://auth.docker.io/"));
    list.checkHost("docker.io", URI.create("https://x.r2.cloudflarestorage.com/"));
  }

  @Test
  void withoutEntriesNobodyMayBeAsked() {
    AllowList list = new AllowList(List.of(), List.of());

    assertThat(list.registries()).isEmpty();
    assertThat(list.isAllowed("docker.io")).isFalse();
    assertThatThrownBy(
            () -> list.checkHost("docker.io", URI.create("https://registry-1.docker.io/")))
        .isInstanceOf(UnreachableException.class);
  }

  @Test
  void addressWithoutAHostIsRefused() {
    assertThatThrownBy(() -> check("docker.io", "https:///v2/"))
        .isInstanceOf(UnreachableException.class);
  }
}
