package dev.imgcompat.service.reach;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host that may be asked, or all hosts below a domain.
 *
 * @param host in its canonical spelling, or the domain
 * @param below whether those below it are meant, and not it
 * @param port that it may be asked at; that of the scheme if absent
 */
record HostPattern(String host, boolean below, OptionalInt port) {
  private static final int MAX_PORT = 65_535;
  private static final Pattern FORM =
      Pattern.compile("(\\*\\.)?(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*");

  /** A last part of which some programs make a number, and of the whole an address. */
  private static final Pattern NUMERIC = Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)");

  /** Reads {@code HOST}, {@code HOST:PORT}, {@code *.DOMAIN} or {@code *.DOMAIN:PORT}. */
  static Optional<HostPattern> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    boolean below = form.group(1) != null;
    String host = Literal.canonical(form.group(2));
    boolean bracketed = form.group(2).startsWith("[");
    boolean literal = Literal.address(host).isPresent() && bracketed == form.group(2).contains(":");
    boolean name =
        NAME.matcher(host).matches() && !NUMERIC.matcher(host).matches() && host.length() <= 253;
    OptionalInt port =
        form.group(3) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(form.group(3)));
    boolean valid = (literal && !below) || (name && !bracketed);
    return valid && port.orElse(1) >= 1 && port.orElse(1) <= MAX_PORT
        ? Optional.of(new HostPattern(host, below, port))
        : Optional.empty();
  }

  /**
   * Whether a host may be asked.
   *
   * @param other its canonical spelling
   * @param at the port at which it would be
   * @param usual the port of the scheme
   */
  boolean matches(String other, int at, int usual) {
    boolean same =
        below ? other.endsWith("." + host) && Literal.address(other).isEmpty() : other.equals(host);
    return same && at == port.orElse(usual);
  }

  /** Whether this is written as that very address, or as the name of this machine. */
  boolean means(InetAddress address) {
    return !below
        && (Literal.address(host).filter(address::equals).isPresent()
            || (host.equals("localhost") && address.isLoopbackAddress()));
  }
}
