package dev.imgcompat.service.reach;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A kind of addresses behind which there is no registry, but this machine, its neighbours or the
 * cloud that it is in. Those of private networks are not among them: there are companies'
 * registries.
 *
 * @param network of such addresses
 * @param name of the kind, to be read after "which is"
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IPv4</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IPv6</a>
 */
record SpecialAddress(Network network, String name) {
  private static final String METADATA = "for metadata of a cloud";
  private static final List<SpecialAddress> ALL =
      List.of(
          of("127.0.0.0/8", "of this machine (loopback)"),
          of("::1/128", "of this machine (loopback)"),
          of("0.0.0.0/8", "of this machine (any)"),
          of("::/128", "of this machine (any)"),
          // AWS, Azure, Google and most others; link-local besides.
          of("169.254.169.254/32", METADATA),
          of("169.254.0.0/16", "link-local"),
          of("fe80::/10", "link-local"),
          of("224.0.0.0/4", "of many (multicast)"),
          of("ff00::/8", "of many (multicast)"),
          of("255.255.255.255/32", "of all (broadcast)"),
          // AWS, for each of its services on the machine itself.
          of("fd00:ec2::/32", METADATA),
          // Google
          of("fd20:ce::254/128", METADATA),
          // Alibaba
          of("100.100.100.200/32", METADATA),
          // Azure
          of("168.63.129.16/32", METADATA),
          // Oracle
          of("192.0.0.192/32", METADATA),
          // RFC 8215: where in it the IPv4 address is, only the translator knows.
          of("64:ff9b:1::/48", "translated by the network to one that cannot be judged"));

  private static final Network SIX_TO_FOUR = Network.of("2002::/16");
  private static final Network TEREDO = Network.of("2001::/32");
  private static final List<Network> IPV4_AT_THE_END =
      List.of(
          // IPv4-compatible (RFC 4291), IPv4-translated (RFC 2765), NAT64 (RFC 6052)
          Network.of("::/96"), Network.of("::ffff:0:0:0/96"), Network.of("64:ff9b::/96"));

  private static SpecialAddress of(String network, String name) {
    return new SpecialAddress(Network.of(network), name);
  }

  /** Says what an address is, if it is special, or leads to one that is. */
  static Optional<String> kind(InetAddress address) {
    Optional<String> own =
        ALL.stream().filter(s -> s.network.contains(address)).map(SpecialAddress::name).findFirst();
    if (own.isPresent()) {
      return own;
    }
    for (InetAddress inner : within(address)) {
      Optional<String> kind =
          ALL.stream().filter(s -> s.network.contains(inner)).map(SpecialAddress::name).findFirst();
      if (kind.isPresent()) {
        return Optional.of(
            "another spelling of " + inner.getHostAddress() + ", which is " + kind.get());
      }
    }
    return Optional.empty();
  }

  /** The IPv4 addresses to which routers may send what is for an IPv6 address. */
  private static List<InetAddress> within(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != 16) {
      return List.of();
    }
    if (SIX_TO_FOUR.contains(address)) {
      return List.of(part(bytes, 2));
    }
    if (TEREDO.contains(address)) {
      byte[] client = Arrays.copyOfRange(bytes, 12, 16);
      for (int i = 0; i < client.length; i++) {
        client[i] = (byte) ~client[i];
      }
      return List.of(part(bytes, 4), Literal.of(client));
    }
    boolean isatap = (bytes[8] & ~2) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == -2;
    return isatap || IPV4_AT_THE_END.stream().anyMatch(n -> n.contains(address))
        ? List.of(part(bytes, 12))
        : List.of();
  }

  private static InetAddress part(byte[] bytes, int from) {
    return Literal.of(Arrays.copyOfRange(bytes, from, from + 4));
  }
}
