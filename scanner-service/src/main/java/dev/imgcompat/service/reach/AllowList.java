package dev.imgcompat.service.reach;

import dev.imgcompat.core.access.RegistryName;
import dev.imgcompat.core.config.Configuration;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.registry.Reach;
import dev.imgcompat.core.registry.RegistrySettings;
import dev.imgcompat.core.registry.UnreachableException;
import dev.imgcompat.service.settings.InvalidSettingException;
import dev.imgcompat.service.settings.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The registries that may be asked, each with the hosts that it may send us to: its token server
 * and its blob stores. All others are refused; and so are addresses of this machine, its neighbours
 * and its cloud, unless they are listed as such. Immutable.
 */
public final class AllowList implements Reach {
  private static final String ALLOWED = "registries.allowed";
  private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

  private final Map<String, Set<HostPattern>> hosts = new TreeMap<>();
  private final List<Network> networks;

  /**
   * Reads the settings.
   *
   * @throws InvalidSettingException if an entry is none
   */
  public AllowList(Settings.Registries settings) {
    this(settings.allowed(), settings.networks());
  }

  /**
   * Reads entries.
   *
   * @param allowed {@code REGISTRY [HOST|*.DOMAIN…]}, each of them also with {@code :PORT}; several
   *     of one registry add up
   * @param networks {@code ADDRESS/BITS}, of addresses that are connected to whatever they are
   * @throws InvalidSettingException if one is none
   */
  public AllowList(List<String> allowed, List<String> networks) {
    allowed.forEach(this::add);
    this.networks = networks.stream().map(String::strip).map(Network::setting).toList();
  }

  private void add(String entry) {
    String[] words = entry.strip().split("\\s+", -1);
    String registry = RegistryName.canonical(words[0]);
    Set<HostPattern> own = hosts.computeIfAbsent(registry, name -> new LinkedHashSet<>());
    own.add(own(words[0], registry));
    for (int i = 1; i < words.length; i++) {
      own.add(pattern(words[i], "a host", "HOST, HOST:PORT or *.DOMAIN"));
    }
  }

  /** The host of a registry itself. */
  private static HostPattern own(String word, String registry) {
    if (word.isEmpty()) {
      throw new InvalidSettingException(ALLOWED, "has an empty entry: write HOST or HOST:PORT");
    }
    HostPattern pattern =
        pattern(
            registry.equals(RegistryName.DOCKER_HUB) ? DOCKER_HUB_HOST : word,
            "a registry",
            "HOST or HOST:PORT");
    if (pattern.below() || !RegistryName.isOne(registry)) {
      throw new InvalidSettingException(
          ALLOWED, quoted(word) + " names no registry: each has an entry of its own");
    }
    return pattern;
  }

  private static HostPattern pattern(String word, String what, String form) {
    return HostPattern.parse(word)
        .orElseThrow(
            () ->
                new InvalidSettingException(
                    ALLOWED, quoted(word) + " is not " + what + why(word) + ": write " + form));
  }

  private static String why(String word) {
    if (word.equals("*")) {
      return ", but anybody";
    }
    if (word.contains("://")) {
      return ", but a URL";
    }
    if (word.contains("/")) {
      return ", but has a path, where all of it is allowed or nothing";
    }
    if (word.contains(",") || word.contains(";")) {
      return ", but several, which have spaces between them";
    }
    return "";
  }

  private static String quoted(String word) {
    return "'" + Printable.of(word.length() > 100 ? word.substring(0, 100) + "…" : word) + "'";
  }

  /** The registries that may be asked, sorted; {@code docker.io} is Docker Hub. */
  public List<String> registries() {
    return List.copyOf(hosts.keySet());
  }

  /**
   * Whether a registry may be asked at all.
   *
   * @param registry as references name it: host, with a port where it has one
   */
  public boolean isAllowed(String registry) {
    return hosts.containsKey(RegistryName.canonical(registry));
  }

  /**
   * Requires that the mirrors of registries on this list are on it, too.
   *
   * @throws InvalidSettingException naming one that is not
   */
  public void requireMirrors(Configuration configuration) {
    for (String registry : registries()) {
      for (RegistrySettings.Mirror mirror : configuration.registry(registry).mirrors()) {
        if (!isAllowed(mirror.host())) {
          throw new InvalidSettingException(
              "registries.allowed", "lacks the mirror " + mirror.host() + " of " + registry);
        }
      }
    }
  }

  @Override
  public void checkHost(String registry, URI address) throws UnreachableException {
    int usual = "https".equals(address.getScheme()) ? 443 : 80;
    int port = address.getPort() >= 0 ? address.getPort() : usual;
    String host = Literal.canonical(Optional.ofNullable(address.getHost()).orElse(""));
    if (of(registry).stream().noneMatch(pattern -> pattern.matches(host, port, usual))) {
      throw new UnreachableException(
          "host "
              + Printable.of(host)
              + ", port "
              + port
              + ", is not listed with it in imgcompat.registries.allowed");
    }
  }

  @Override
  public void checkAddress(String registry, String host, InetAddress address)
      throws UnreachableException {
    Set<HostPattern> own = of(registry);
    InetAddress judged = Literal.unmapped(address);
    Optional<String> kind = SpecialAddress.kind(judged);
    if (kind.isEmpty() || networks.stream().anyMatch(network -> network.contains(judged))) {
      return;
    }
    String name = Literal.canonical(host);
    if (own.stream().noneMatch(p -> p.host().equals(name) && p.means(judged))) {
      throw new UnreachableException(
          "host "
              + Printable.of(name)
              + " has the address "
              + judged.getHostAddress()
              + ", which is "
              + kind.get()
              + " and in none of imgcompat.registries.networks");
    }
  }

  private Set<HostPattern> of(String registry) throws UnreachableException {
    Set<HostPattern> own = hosts.get(RegistryName.canonical(registry));
    if (own == null) {
      throw new UnreachableException("it is not listed in imgcompat.registries.allowed");
    }
    return own;
  }
}
