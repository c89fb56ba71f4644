package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.registry.RegistrySettings.Proxies;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases are those of Go's {@code httpproxy}, which docker and skopeo go by. */
class ProxyChoiceTest {
  private static final URI PROXY = URI.create("http://proxy.corp:3128");

  private static boolean isProxied(String bypass, String host, int port) {
    Proxies proxies =
        new Proxies(Optional.of(PROXY), Optional.empty(), List.of(bypass.split(",", -1)));
    return new ProxyChoice(proxies).of("https", host, port).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          registry.corp      | registry.corp      | 443
          registry.corp      | sub.registry.corp  | 443
          REGISTRY.corp      | Registry.Corp      | 443
          .corp              | registry.corp      | 443
          *.corp             | registry.corp      | 443
          registry.corp:5000 | registry.corp      | 5000
          10.1.2.3           | 10.1.2.3           | 443
          10.1.2.3:443       | 10.1.2.3           | 443
          10.0.0.0/8         | 10.200.1.1         | 443
          fd00::/8           | [fd12::1]          | 443
          [fd12::1]          | [fd12::1]          | 443
          fd12::1            | fd12::1            | 443
          [fd12::1]:5000     | [fd12::1]          | 5000
          a, .corp           | registry.corp      | 443
          *                  | anything.example   | 443
          nothing            | localhost          | 5000
          nothing            | 127.0.0.9          | 5000
          nothing            | [::1]              | 5000
          """)
  void someAreAskedDirectly(String bypass, String host, int port) {
    assertThat(isProxied(bypass, host, port)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          corp               | registry.corpo     | 443
          egistry.corp       | registry.corp      | 443
          .registry.corp     | registry.corp      | 443
          registry.corp:5000 | registry.corp      | 443
          10.1.2.3           | 10.1.2.30          | 443
          10.0.0.0/8         | 11.0.0.1           | 443
          10.0.0.0/8         | 10.example.com     | 443
          10.0.0.0/99        | 10.0.0.1           | 443
          10.0.0.0/x         | 10.0.0.1           | 443
          /8                 | 10.0.0.1           | 443
          ''                 | registry.corp      | 443
          """)
  void othersThroughTheProxy(String bypass, String host, int port) {
    assertThat(isProxied(bypass, host, port)).isTrue();
  }

  @Test
  void eachSchemeHasItsOwn() {
    ProxyChoice choice =
        new ProxyChoice(new Proxies(Optional.of(PROXY), Optional.empty(), List.of()));

    assertThat(choice.of("https", "registry.corp", 443)).contains(PROXY);
    assertThat(choice.of("http", "registry.corp", 80)).isEmpty();
  }
}
