package dev.imgcompat.service.reach;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.service.settings.InvalidSettingException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A network of addresses.
 *
 * @param address the first one
 * @param bits that all of them share
 */
record Network(InetAddress address, int bits) {
  /** Reads {@code ADDRESS/BITS}. */
  static Network setting(String text) {
    String name = "registries.networks";
    String quoted = "'" + Printable.of(text) + "'";
    int slash = text.indexOf('/');
    Optional<InetAddress> address =
        slash < 0 ? Optional.empty() : Literal.address(text.substring(0, slash));
    String bits = text.substring(slash + 1);
    if (address.isEmpty() || !bits.matches("0|[1-9]\\d{0,2}")) {
      throw new InvalidSettingException(
          name, quoted + " is no network: write ADDRESS/BITS, such as 10.1.0.0/16 or fd12::/32");
    }
    Network network = new Network(address.get(), Integer.parseInt(bits));
    if (network.rest() < 0) {
      throw new InvalidSettingException(name, quoted + " has more bits than such an address");
    }
    if (!number(network.address).equals(network.first())) {
      throw new InvalidSettingException(
          name, quoted + " is no network: what follows the first " + bits + " bits must be 0");
    }
    return network;
  }

  /** A network of which it is known that it is one. */
  static Network of(String text) {
    return setting(text);
  }

  boolean contains(InetAddress other) {
    return other.getAddress().length == address.getAddress().length
        && number(other).shiftRight(rest()).equals(number(address).shiftRight(rest()));
  }

  private int rest() {
    return address.getAddress().length * 8 - bits;
  }

  private BigInteger first() {
    return number(address).shiftRight(rest()).shiftLeft(rest());
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }
}
