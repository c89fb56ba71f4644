package dev.imgcompat.service.reach;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses that are written out, in the one way that leaves no doubt. */
final class Literal {
  private static final String BYTE = "(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])";
  private static final Pattern FOUR_BYTES = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
  private static final Pattern WITH_COLONS = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private Literal() {}

  /**
   * Returns the address that a host is written as, if it is one; names are not looked up.
   *
   * @param host without brackets
   */
  static Optional<InetAddress> address(String host) {
    if (!FOUR_BYTES.matcher(host).matches() && !WITH_COLONS.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      // What has a colon is not looked up, either.
      return Optional.of(unmapped(InetAddress.getByName(host)));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** The one spelling under which hosts are compared. */
  static String canonical(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare =
        (bracketed ? host.substring(1, host.length() - 1) : host).toLowerCase(Locale.ROOT);
    return address(bare).map(InetAddress::getHostAddress).orElse(bare);
  }

  /** The IPv4 address that an IPv6 address merely spells in another way, or else the same. */
  static InetAddress unmapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean mapped = bytes.length == 16 && Arrays.equals(bytes, 0, 12, MAPPED, 0, 12);
    return mapped ? of(Arrays.copyOfRange(bytes, 12, 16)) : address;
  }

  /** The address with these 4 or 16 bytes. */
  static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // neither 4 nor 16
    }
  }
}
