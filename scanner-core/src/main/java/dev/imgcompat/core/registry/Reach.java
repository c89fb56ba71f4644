package dev.imgcompat.core.registry;

import java.net.InetAddress;
import java.net.URI;

/**
 * Says whom this process may connect to on behalf of a registry. Safe for use by several threads.
 *
 * <p>Every hop is asked about: the registry itself, its mirrors, its token server, and whatever
 * they redirect to; first by its name, then by the address that is really connected to, so that a
 * name which turns to another address is found out. What goes through a proxy is judged by its name
 * only, since the proxy looks it up; the proxy itself is the choice of whoever wrote the settings.
 */
public interface Reach {
  /** Everybody, as for the command line, where whoever asks is whoever connects. */
  Reach ANYWHERE =
      new Reach() {
        @Override
        public void checkHost(String registry, URI address) {}

        @Override
        public void checkAddress(String registry, String host, InetAddress address) {}
      };

  /**
   * Checks a host by its name.
   *
   * @param registry on whose behalf it is asked, {@code docker.io} for Docker Hub; for a mirror,
   *     the mirror
   * @param address whose host, port and scheme count
   * @throws UnreachableException if it must not be asked
   */
  void checkHost(String registry, URI address) throws UnreachableException;

  /**
   * Checks an address that a host was looked up to have, before it is connected to.
   *
   * @param host as it is written, a name or an address, without brackets
   * @throws UnreachableException if it must not be connected to
   */
  void checkAddress(String registry, String host, InetAddress address) throws UnreachableException;
}
