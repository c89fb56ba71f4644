package dev.imgcompat.cli;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.ScannerBuilder;
import dev.imgcompat.core.Version;
import dev.imgcompat.core.access.AuthFiles;
import dev.imgcompat.core.access.CertificateDirectories;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.access.GivenCredentials;
import dev.imgcompat.core.config.Configuration;
import dev.imgcompat.core.config.Setting;
import dev.imgcompat.core.engine.EngineClient;
import dev.imgcompat.core.engine.EngineFinder;
import dev.imgcompat.core.engine.HttpEngineClient;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.FileFactStore;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Printable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a scanner is made of: the cache, and how registries and engines are spoken to. */
final class ScannerOptions {
  private static final long MEMORY_STORE_BYTES = 64L << 20;

  @Mixin private CacheOptions cache;
  @Mixin private RegistryOptions registries;

  @Option(
      names = "--allow-foreign-layers",
      description =
          "Fetches layers that the registry lacks from the addresses in the manifest, on whichever"
              + " host.")
  private boolean foreignLayers;

  @Option(names = "--no-cache", description = "Neither uses nor keeps facts of layers.")
  private boolean noCache;

  @Option(names = "--no-progress", description = "Draws no progress bar.")
  private boolean noProgress;

  @Option(names = "--debug", description = "Shows the causes of failures.")
  private boolean debug;

  boolean debug() {
    return debug;
  }

  boolean noProgress() {
    return noProgress;
  }

  /** What holds of the flags, the variables and the config file together. */
  Configuration configuration(Streams streams) throws UsageException {
    return registries.configuration(streams);
  }

  /**
   * The login that was given, if one was; reads the password from standard input.
   *
   * @param hosts all registries that are asked
   * @param standardInputIsTaken whether something else is read from there
   */
  Optional<GivenLogin> login(Set<String> hosts, boolean standardInputIsTaken, Streams streams)
      throws UsageException {
    return registries.login(hosts, standardInputIsTaken, streams);
  }

  /** Where facts are kept. */
  FactStore store(Streams streams) throws UsageException {
    if (noCache) {
      return new MemoryFactStore(MEMORY_STORE_BYTES);
    }
    return new FileFactStore(
        cache.directory(streams), warning -> streams.err().println("imgcompat: " + warning));
  }

  /** A scanner of all that, which still lacks rules, policy and a listener. */
  ScannerBuilder scanner(
      Configuration configuration, Optional<GivenLogin> login, FactStore store, Streams streams)
      throws UsageException {
    if (debug) {
      tell(configuration, login, streams);
    }
    return Scanner.builder()
        .store(store)
        .standardInput(streams.in())
        .configuration(configuration)
        .credentials(credentials(configuration, login, streams))
        .certificates(CertificateDirectories.ofUser(Homes.of(streams)))
        .engine(engine(streams))
        .foreignLayers(foreignLayers);
  }

  /** Those of the command line, of the file that was named, or of whoever logged in here. */
  private static CredentialSource credentials(
      Configuration configuration, Optional<GivenLogin> login, Streams streams)
      throws UsageException {
    Map<String, String> environment = streams.environment();
    Optional<Setting<Path>> file = configuration.authfile();
    CredentialSource kept =
        file.isPresent()
            ? AuthFiles.named(file.get().value(), file.get().origin().toString(), environment)
            : AuthFiles.ofUser(environment, Homes.of(streams));
    return login
        .<CredentialSource>map(
            l ->
                new GivenCredentials(
                    l.registry(),
                    new Credentials.Password("--username", l.username(), l.password()),
                    kept))
        .orElse(kept);
  }

  private static void tell(
      Configuration configuration, Optional<GivenLogin> login, Streams streams) {
    streams
        .err()
        .println(
            "imgcompat: "
                + Printable.of(
                    "settings of registries: "
                        + configuration.file()
                        + (configuration.hasFile() ? "" : " (there is none)")
                        + login.map(l -> "; login to " + l.registry()).orElse("")));
  }

  /** The engine that the docker command would use, if any image of one is asked for. */
  private static EngineClient engine(Streams streams) throws UsageException {
    return new HttpEngineClient(
        new EngineFinder(streams.environment(), Homes.of(streams)), Version.userAgent());
  }
}
