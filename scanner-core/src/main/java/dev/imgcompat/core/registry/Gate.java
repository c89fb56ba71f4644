package dev.imgcompat.core.registry;

import java.io.IOException;
import java.io.Serial;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * What is sent on behalf of one registry passes here: first the host of each request, then the
 * addresses of each connection. Those that were judged are those that are connected to; nobody
 * looks them up again. Safe for use by several threads.
 *
 * @param registry on whose behalf
 * @param reach says who may be asked
 * @param lookup of names
 */
record Gate(String registry, Reach reach, NameLookup lookup) {
  /** Lets everything pass. */
  static final Gate OPEN = new Gate("", Reach.ANYWHERE, NameLookup.SYSTEM);

  /** Judges the host of a request before it is sent. */
  void check(URI address) throws IOException {
    if (address.getHost() == null) {
      throw new BadAnswer("an address without a host");
    }
    reach.checkHost(registry, address);
  }

  /** Looks up whom to connect to directly, and leaves out whom we must not. */
  DnsResolver checkedAddresses() {
    return new Addresses(
        host -> {
          List<InetAddress> allowed = new ArrayList<>();
          @Nullable UnreachableException refusal = null;
          for (InetAddress address : lookup.addresses(host)) {
            try {
              reach.checkAddress(registry, host, address);
              allowed.add(address);
            } catch (UnreachableException e) {
              refusal = refusal == null ? e : refusal;
            }
          }
          if (allowed.isEmpty() && refusal != null) {
            throw new NoneAllowed(refusal);
          }
          return allowed;
        });
  }

  /** Looks up proxies, which are the choice of whoever wrote the settings. */
  DnsResolver anyAddresses() {
    return new Addresses(lookup);
  }

  /** Resolvers cannot throw anything but what says that a host is not known. */
  static final class NoneAllowed extends UnknownHostException {
    @Serial private static final long serialVersionUID = 1L;

    private final UnreachableException refusal;

    NoneAllowed(UnreachableException refusal) {
      super(refusal.getMessage());
      this.refusal = refusal;
    }

    UnreachableException refusal() {
      return refusal;
    }
  }

  /** As HttpClient wants it. Addresses that are written out come here, too. */
  private record Addresses(NameLookup lookup) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      List<InetAddress> found =
          lookup.addresses(bracketed ? host.substring(1, host.length() - 1) : host);
      if (found.isEmpty()) {
        // HttpClient would take none for a connection that is there.
        throw new UnknownHostException(host);
      }
      return found.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host; // not asked for, but by Kerberos
    }
  }
}
