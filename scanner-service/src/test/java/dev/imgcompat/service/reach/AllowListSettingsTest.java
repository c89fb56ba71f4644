package dev.imgcompat.service.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.service.settings.InvalidSettingException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries that are none are told so at the start. */
class AllowListSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "https://quay.io, 'is not a registry, but a URL: write HOST or HOST:PORT'",
    "quay.io/team, 'has a path, where all of it is allowed or nothing'",
    "*, 'not a registry, but anybody'",
    "'docker.io *', 'not a host, but anybody'",
    "*.corp, 'names no registry: each has an entry of its own'",
    "'docker.io,quay.io', 'but several, which have spaces between them'",
    "'', 'has an empty entry'",
    "'   ', 'has an empty entry'",
    "quay.io:0, 'write HOST or HOST:PORT'",
    "quay.io:65536, 'write HOST or HOST:PORT'",
    "quay.io:https, 'write HOST or HOST:PORT'",
    "-corp.test, 'is not a registry'",
    "corp..test, 'is not a registry'",
    "corp.test., 'is not a registry'",
    "2130706433, 'is not a registry'",
    "127.1, 'is not a registry'",
    "0x7f.1, 'is not a registry'",
    "127.0.0.01, 'is not a registry'",
    "127.0.0.256, 'is not a registry'",
    "::1, 'is not a registry'",
    "[::g], 'is not a registry'",
    "[127.0.0.1], 'is not a registry'",
    "user@quay.io, 'is not a registry'",
    "'docker.io https://auth.docker.io/token', 'not a host, but a URL: write HOST, HOST:PORT or'",
    "'docker.io *.*.corp', 'is not a host'",
    "'docker.io a.*.corp', 'is not a host'",
    "'docker.io *.0.0.1', 'is not a host'",
    "'docker.io *.10.0.0.1', 'is not a host'",
    "'docker.io 10.0.0.0/8', 'has a path'",
  })
  void entryThatIsNoneIsRefused(String entry, String why) {
    assertThatThrownBy(() -> new AllowList(List.of("quay.io", entry), List.of()))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith("imgcompat.registries.allowed: ")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:5000",
        "registry",
        "my_registry.corp",
        "xn--bcher-kva.example",
        "127.0.0.1:5000",
        "[::1]:5000",
        "quay.io *.quay.io cdn01.quay.io:443"
      })
  void entryThatIsOneIsTaken(String entry) {
    assertThat(new AllowList(List.of("  " + entry + " "), List.of()).registries())
        .containsExactly(entry.replaceFirst(" .*", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0, is no network: write ADDRESS/BITS",
    "10.0.0.0/, is no network: write ADDRESS/BITS",
    "/8, is no network: write ADDRESS/BITS",
    "corp/8, is no network: write ADDRESS/BITS",
    "10.0.0.0/08, is no network: write ADDRESS/BITS",
    "10.0.0.0/-1, is no network: write ADDRESS/BITS",
    "10/8, is no network: write ADDRESS/BITS",
    "10.0.0.0/33, has more bits than such an address",
    "fd12::/129, has more bits than such an address",
    "10.0.0.1/8, is no network: what follows the first 8 bits must be 0",
    "fd12::1/64, is no network: what follows the first 64 bits must be 0",
  })
  void networkThatIsNoneIsRefused(String network, String why) {
    assertThatThrownBy(() -> new AllowList(List.of(), List.of(network)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("imgcompat.registries.networks: '" + network + "' " + line(why));
  }

  private static String line(String why) {
    return why.endsWith("ADDRESS/BITS") ? why + ", such as 10.1.0.0/16 or fd12::/32" : why;
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "::/0", "127.0.0.1/32", "::1/128", " 10.0.0.0/8 "})
  void networkThatIsOneIsTaken(String network) {
    assertThatCode(() -> new AllowList(List.of(), List.of(network))).doesNotThrowAnyException();
  }
}
