package dev.imgcompat.core.registry;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was asked, and refuses what it was told to. */
final class RecordingReach implements Reach {
  private final List<String> hosts = new CopyOnWriteArrayList<>();
  private final List<String> addresses = new CopyOnWriteArrayList<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  /** Refuses a host ({@code HOST:PORT}) or an address. */
  RecordingReach refuse(String what) {
    refused.add(what);
    return this;
  }

  /** Which hosts it was asked about, as {@code REGISTRY HOST:PORT}. */
  List<String> hosts() {
    return List.copyOf(hosts);
  }

  /** Which addresses it was asked about, as {@code REGISTRY HOST ADDRESS}. */
  List<String> addresses() {
    return List.copyOf(addresses);
  }

  @Override
  public void checkHost(String registry, URI address) throws UnreachableException {
    hosts.add(registry + " " + address.getAuthority());
    if (refused.contains(address.getAuthority())) {
      throw new UnreachableException("host " + address.getHost() + " is off limits");
    }
  }

  @Override
  public void checkAddress(String registry, String host, InetAddress address)
      throws UnreachableException {
    addresses.add(registry + " " + host + " " + address.getHostAddress());
    if (refused.contains(address.getHostAddress())) {
      throw new UnreachableException("address " + address.getHostAddress() + " is off limits");
    }
  }
}
