package dev.imgcompat.core.registry;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up which addresses a host has. Safe for use by several threads. */
@FunctionalInterface
public interface NameLookup {
  /** As this machine is set up. Takes addresses that are written out, too. */
  NameLookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  /**
   * Looks a host up.
   *
   * @param host a name or an address, without brackets
   * @return at least one address, the best one first
   * @throws UnknownHostException if there is none
   */
  List<InetAddress> addresses(String host) throws UnknownHostException;
}
