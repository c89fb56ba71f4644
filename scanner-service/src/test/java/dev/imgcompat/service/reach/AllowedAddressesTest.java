package dev.imgcompat.service.reach;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.registry.UnreachableException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses may be connected to, whatever the name that has them. */
class AllowedAddressesTest {
  private static final String REGISTRY = "registry.corp:5000";

  private static AllowList list(List<String> networks, String... hosts) {
    return new AllowList(List.of(REGISTRY + " " + String.join(" ", hosts)), networks);
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, loopback",
    "127.255.255.254, loopback",
    "::1, loopback",
    "0.0.0.0, any",
    "0.1.2.3, any",
    "::, any",
    "169.254.0.1, link-local",
    "169.254.170.2, link-local",
    "fe80::1, link-local",
    "febf::1, link-local",
    "224.0.0.1, multicast",
    "239.255.255.255, multicast",
    "ff02::1, multicast",
    "255.255.255.255, broadcast",
    "169.254.169.254, metadata",
    "fd00:ec2::254, metadata",
    "fd20:ce::254, metadata",
    "100.100.100.200, metadata",
    "168.63.129.16, metadata",
    "192.0.0.192, metadata",
    "::ffff:127.0.0.1, loopback",
    "::ffff:169.254.169.254, metadata",
    "::127.0.0.1, loopback",
    "::ffff:0:127.0.0.1, loopback",
    "2002:7f00:1::, loopback",
    "2002:a9fe:a9fe::1, metadata",
    "64:ff9b::127.0.0.1, loopback",
    "64:ff9b::169.254.169.254, metadata",
    "64:ff9b:1::10.0.0.1, translated",
    "2001:0:102:304:0:0:80ff:fffe, loopback",
    "2001:0:7f00:1::f7ff:fffe, loopback",
    "fd12::5efe:127.0.0.1, loopback",
    "fd12::200:5efe:169.254.169.254, metadata",
  })
  void specialAddressIsRefused(String address, String kind) {
    assertThatThrownBy(
            () -> list(List.of()).checkAddress(REGISTRY, "registry.corp", address(address)))
        .isInstanceOf(UnreachableException.class)
        .hasMessageStartingWith("host registry.corp has the address ")
        .hasMessageContaining(kind)
        .hasMessageEndingWith("and in none of imgcompat.registries.networks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3.4",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "169.255.0.1",
        "2606:4700::1",
        "fd12::1",
        "fc00::1",
        "::ffff:10.0.0.1",
        "2002:a00:1::",
        "64:ff9b::10.0.0.1",
        "2001:1::1"
      })
  void addressOfTheNetOrOfACompanyIsAllowed(String address) {
    assertThatCode(() -> list(List.of()).checkAddress(REGISTRY, "registry.corp", address(address)))
        .doesNotThrowAnyException();
  }

  @Test
  void mappedAddressThatJavaLeavesAsItIsIsRefused() throws Exception {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
    InetAddress address = Inet6Address.getByAddress("registry.corp", mapped, 1);

    assertThatThrownBy(() -> list(List.of()).checkAddress(REGISTRY, "registry.corp", address))
        .hasMessageContaining("has the address 127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "127.0.0.1, ::ffff:127.0.0.1",
    "[::1], ::1",
    "[::1], 0:0:0:0:0:0:0:1",
    "169.254.1.1:5000, 169.254.1.1",
    "localhost, 127.0.0.1",
    "localhost:5000, ::1",
    "LOCALHOST, 127.0.0.1",
  })
  void addressThatIsListedAsWhatItIsIsAllowed(String listed, String address) {
    String host = listed.replaceFirst(":5000$", "");
    assertThatCode(() -> list(List.of(), listed).checkAddress(REGISTRY, host, address(address)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, registry.corp, 127.0.0.1",
    "127.0.0.1, 127.0.0.1, 127.0.0.2",
    "127.0.0.1, localhost, 127.0.0.1",
    "localhost, registry.corp, 127.0.0.1",
    "localhost, 127.0.0.1, 127.0.0.1",
    "localhost, localhost, 169.254.169.254",
    "*.localhost, a.localhost, 127.0.0.1",
    "169.254.1.1, 169.254.1.1, 169.254.169.254",
  })
  void nothingElseIsAllowedByThat(String listed, String host, String address) {
    assertThatThrownBy(() -> list(List.of(), listed).checkAddress(REGISTRY, host, address(address)))
        .isInstanceOf(UnreachableException.class);
  }

  @Test
  void addressesOfOneRegistryAreNotThoseOfAnother() throws Exception {
    AllowList list = new AllowList(List.of("127.0.0.1:5000", "registry.corp"), List.of());

    list.checkAddress("127.0.0.1:5000", "127.0.0.1", address("127.0.0.1"));
    assertThatThrownBy(() -> list.checkAddress("registry.corp", "127.0.0.1", address("127.0.0.1")))
        .isInstanceOf(UnreachableException.class);
    assertThatThrownBy(() -> list.checkAddress("evil.test", "127.0.0.1", address("1.2.3.4")))
        .isInstanceOf(UnreachableException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, 127.0.0.53",
    "127.0.0.0/8, ::ffff:127.0.0.53",
    "169.254.0.0/16, 169.254.169.254",
    "::1/128, ::1",
    "0.0.0.0/0, 127.0.0.1",
    "64:ff9b:1::/48, 64:ff9b:1::10.0.0.1",
  })
  void addressInAListedNetworkIsAllowed(String network, String address) {
    assertThatCode(
            () ->
                list(List.of("10.0.0.0/8", network))
                    .checkAddress(REGISTRY, "registry.corp", address(address)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/30, 127.0.0.4",
    "::1/128, 127.0.0.1",
    "127.0.0.0/8, ::1",
    "0.0.0.0/0, ::1",
    "127.0.0.0/8, 2002:7f00:1::",
  })
  void addressOutsideOfTheListedNetworkIsNot(String network, String address) {
    assertThatThrownBy(
            () -> list(List.of(network)).checkAddress(REGISTRY, "registry.corp", address(address)))
        .isInstanceOf(UnreachableException.class);
  }
}
