package dev.imgcompat.core.config;

import dev.imgcompat.core.access.ClientIdentity;
import dev.imgcompat.core.access.RegistryName;
import dev.imgcompat.core.config.Origin.Kind;
import dev.imgcompat.core.registry.RegistrySettings;
import dev.imgcompat.core.registry.RegistrySettings.Pace;
import dev.imgcompat.core.registry.RegistrySettings.Proxies;
import dev.imgcompat.core.registry.RegistrySettings.Retries;
import dev.imgcompat.core.registry.RegistrySettings.Timeouts;
import dev.imgcompat.core.registry.RegistrySettings.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of registries that hold: flags over variables over the config file over defaults,
 * and each of these for one registry over the same for all. Immutable.
 *
 * <p>Authorities add up over all of them, and so do registries that are named as insecure.
 */
public final class Configuration {
  static final List<Key<Optional<URI>>> PROXY_OF_HTTPS = List.of(Key.PROXY, Key.PROXY_OF_HTTPS);
  static final List<Key<Optional<URI>>> PROXY_OF_HTTP = List.of(Key.PROXY, Key.PROXY_OF_HTTP);

  private final ConfigFile file;
  private final Statements statements;

  private Configuration(ConfigFile file, Statements statements) {
    this.file = file;
    this.statements = statements;
  }

  /**
   * Reads the config file, and puts together what is said.
   *
   * @throws ConfigException naming the flag, the variable, or the file and its line
   */
  public static Configuration load(ConfigInputs inputs) throws ConfigException {
    PathBase working = new PathBase(Path.of("").toAbsolutePath(), inputs.home());
    StatementsBuilder statements = new StatementsBuilder();
    Flags.read(inputs.flags(), working, statements);
    Variables.read(inputs.environment(), working, statements);
    ConfigFile file = ConfigFile.find(inputs, working);
    if (file.text().isPresent()) {
      Path directory = file.path().toAbsolutePath().getParent();
      PathBase beside =
          new PathBase(directory == null ? working.directory() : directory, inputs.home());
      FileSettings.read(file.name(), file.text().get(), beside, statements);
    }
    return new Configuration(file, statements.build());
  }

  /** How a registry is spoken to; also a mirror, by its own host. */
  public RegistrySettings registry(String host) {
    return settings(Optional.of(RegistryName.canonical(host)));
  }

  /** How a registry is spoken to of which nothing is said. */
  public RegistrySettings anyRegistry() {
    return settings(Optional.empty());
  }

  private RegistrySettings settings(Optional<String> registry) {
    return new RegistrySettings(
        new Trust(isInsecure(registry).value(), authorities(registry), identity(registry)),
        new Proxies(
            statements.value(registry, PROXY_OF_HTTPS).orElseThrow().value(),
            statements.value(registry, PROXY_OF_HTTP).orElseThrow().value(),
            list(registry, Key.NO_PROXY)),
        list(registry, Key.MIRRORS),
        new Timeouts(
            statements.get(registry, Key.CONNECT_TIMEOUT),
            statements.get(registry, Key.STALL_TIMEOUT),
            statements.get(registry, Key.OVERALL_TIMEOUT),
            statements.get(registry, Key.MINIMUM_SPEED)),
        new Retries(
            statements.get(registry, Key.RETRIES),
            statements.get(registry, Key.BACKOFF),
            statements.get(registry, Key.BACKOFF_LIMIT),
            statements.get(registry, Key.RETRY_AFTER_LIMIT)),
        new Pace(
            statements.get(registry, Key.CONNECTIONS),
            statements.get(registry, Key.REQUEST_RATE),
            statements.get(registry, Key.BYTE_RATE)));
  }

  /** The file with credentials that was named, if one was. */
  public Optional<Setting<Path>> authfile() {
    return statements.value(Optional.empty(), Key.AUTHFILE);
  }

  /** The config file: the one that was read, or would be if it were there. */
  public Path file() {
    return file.path();
  }

  /** Whether there is a config file. */
  public boolean hasFile() {
    return file.text().isPresent();
  }

  /** The registries of which something is said, sorted. */
  public Set<String> registries() {
    return statements.registries();
  }

  /** All that holds, as a config file with the origins in comments; passwords are hidden. */
  public String yaml() {
    return new ConfigText(this, statements).all();
  }

  /**
   * The same of one registry.
   *
   * @throws ConfigException if this is not the name of one
   */
  public String yaml(String registry) throws ConfigException {
    try {
      return new ConfigText(this, statements).of(RegistryText.parse(registry));
    } catch (BadValueException e) {
      throw new ConfigException(new Origin(Kind.FLAG, "--registry"), e.getMessage());
    }
  }

  /** Who says that a registry is insecure, or else that it is not. */
  Setting<Boolean> isInsecure(Optional<String> registry) {
    return statements.every(registry, Key.INSECURE).stream()
        .filter(Setting::value)
        .findFirst()
        .or(() -> statements.value(registry, Key.INSECURE))
        .orElseThrow();
  }

  private List<Path> authorities(Optional<String> registry) {
    return statements.every(registry, Key.CA_CERT).stream().map(Setting::value).distinct().toList();
  }

  /** Both are said in the same place. */
  private Optional<ClientIdentity> identity(Optional<String> registry) {
    return statements
        .value(registry, Key.CLIENT_CERT)
        .map(
            certificate ->
                new ClientIdentity(
                    certificate.value(),
                    statements.value(registry, Key.CLIENT_KEY).orElseThrow().value()));
  }

  private <T> List<T> list(Optional<String> registry, Key<T> key) {
    return statements.strongest(registry, List.of(key)).stream()
        .flatMap(statement -> statement.values().stream())
        .map(Setting::value)
        .distinct()
        .toList();
  }
}
