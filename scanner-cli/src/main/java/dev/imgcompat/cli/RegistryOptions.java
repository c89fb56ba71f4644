package dev.imgcompat.cli;

import dev.imgcompat.core.config.ConfigException;
import dev.imgcompat.core.config.ConfigInputs;
import dev.imgcompat.core.config.ConfigInputs.Flag;
import dev.imgcompat.core.config.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How registries are spoken to, and as whom. */
final class RegistryOptions {
  /**
   * A group begins anew when a flag comes again that comes once: as a single group it would forget
   * all flags before.
   */
  @ArgGroup(validate = false, multiplicity = "0..*", heading = "%nRegistries:%n")
  private List<Flags> groups = new ArrayList<>();

  /** What holds of the flags, the variables and the config file together. */
  Configuration configuration(Streams streams) throws UsageException {
    try {
      return Configuration.load(
          new ConfigInputs(
              once("--config", flags -> flags.config),
              groups.stream().flatMap(flags -> flags.given().stream()).toList(),
              streams.environment(),
              Homes.of(streams)));
    } catch (ConfigException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /**
   * The login that was given, if one was; reads the password from standard input.
   *
   * @param registries all that are asked
   * @param standardInputIsTaken whether something else is read from there
   */
  Optional<GivenLogin> login(Set<String> registries, boolean standardInputIsTaken, Streams streams)
      throws UsageException {
    return Logins.of(
        once("--username", flags -> flags.username),
        groups.stream().anyMatch(flags -> flags.passwordOnStdin),
        registries,
        standardInputIsTaken,
        streams);
  }

  private Optional<String> once(String name, Function<Flags, @Nullable String> flag)
      throws UsageException {
    List<String> values = groups.stream().map(flag).filter(Objects::nonNull).toList();
    if (values.size() > 1) {
      throw new UsageException(name + ": is given more than once: write one value");
    }
    return values.stream().findFirst();
  }

  /** The flags themselves; what their values mean is not known here. */
  static final class Flags {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "Settings (default: $XDG_CONFIG_HOME/imgcompat/config.yaml).")
    private @Nullable String config;

    @Option(
        names = "--authfile",
        paramLabel = "FILE",
        description = "Credentials, as docker login and podman login write them.")
    private @Nullable String authfile;

    @Option(
        names = "--username",
        paramLabel = "NAME",
        description = "Whom to log in as to the one registry of all references.")
    private @Nullable String username;

    @Option(
        names = "--password-stdin",
        description = "Reads the password for --username from standard input.")
    private boolean passwordOnStdin;

    @Option(
        names = "--insecure",
        paramLabel = "HOST",
        description = "Puts up with plain http, and with a certificate that proves nothing.")
    private List<String> insecure = new ArrayList<>();

    @Option(
        names = "--mirror",
        paramLabel = "HOST=MIRROR[/PREFIX]",
        description = "Asks a mirror of a registry first.")
    private List<String> mirrors = new ArrayList<>();

    @Option(
        names = "--ca-cert",
        paramLabel = "[HOST=]FILE",
        description = "Trusts these authorities (PEM), too.")
    private List<String> authorities = new ArrayList<>();

    @Option(
        names = "--client-cert",
        paramLabel = "[HOST=]FILE",
        description = "Certificate (PEM) to show to registries.")
    private List<String> certificates = new ArrayList<>();

    @Option(names = "--client-key", paramLabel = "[HOST=]FILE", description = "Its key (PEM).")
    private List<String> keys = new ArrayList<>();

    @Option(
        names = "--proxy",
        paramLabel = "URL",
        description = "http://[USER:PASSWORD@]HOST[:PORT], or none (default: $HTTPS_PROXY).")
    private @Nullable String proxy;

    @Option(
        names = "--no-proxy",
        paramLabel = "LIST",
        description = "Who is asked without a proxy, with commas (default: $NO_PROXY).")
    private @Nullable String bypass;

    @Option(
        names = "--connect-timeout",
        paramLabel = "DURATION",
        description = "For a connection and its TLS (default: 15s).")
    private @Nullable String connect;

    @Option(
        names = "--stall-timeout",
        paramLabel = "DURATION",
        description = "For an answer, and for its next byte (default: 60s).")
    private @Nullable String stall;

    @Option(
        names = "--minimum-speed",
        paramLabel = "SPEED",
        description = "Of a layer, over --stall-timeout; 0 for none (default: 1KiB/s).")
    private @Nullable String speed;

    @Option(
        names = "--overall-timeout",
        paramLabel = "DURATION",
        description = "For one manifest or layer with all tries (default: 1h).")
    private @Nullable String overall;

    @Option(
        names = "--retries",
        paramLabel = "N",
        description = "How often to send a request again (default: 5).")
    private @Nullable String retries;

    @Option(
        names = "--backoff",
        paramLabel = "DURATION",
        description = "The first pause before a retry, at most (default: 1s).")
    private @Nullable String backoff;

    @Option(
        names = "--backoff-limit",
        paramLabel = "DURATION",
        description = "The longest pause before a retry (default: 30s).")
    private @Nullable String longestBackoff;

    @Option(
        names = "--retry-after-limit",
        paramLabel = "DURATION",
        description = "The longest pause that a registry may ask for (default: 2m).")
    private @Nullable String longestRetryAfter;

    @Option(
        names = "--connections",
        paramLabel = "N",
        description = "How many to a registry at a time (default: 8).")
    private @Nullable String connections;

    @Option(
        names = "--request-rate",
        paramLabel = "RATE",
        description = "Such as 20/s or 600/m (default: unlimited).")
    private @Nullable String rate;

    @Option(
        names = "--byte-rate",
        paramLabel = "SPEED",
        description = "Of layers, such as 10MiB/s (default: unlimited).")
    private @Nullable String byteRate;

    private List<Flag> given() {
      List<Flag> given = new ArrayList<>();
      add(given, "--authfile", authfile);
      insecure.forEach(value -> add(given, "--insecure", value));
      mirrors.forEach(value -> add(given, "--mirror", value));
      authorities.forEach(value -> add(given, "--ca-cert", value));
      certificates.forEach(value -> add(given, "--client-cert", value));
      keys.forEach(value -> add(given, "--client-key", value));
      add(given, "--proxy", proxy);
      add(given, "--no-proxy", bypass);
      add(given, "--connect-timeout", connect);
      add(given, "--stall-timeout", stall);
      add(given, "--minimum-speed", speed);
      add(given, "--overall-timeout", overall);
      add(given, "--retries", retries);
      add(given, "--backoff", backoff);
      add(given, "--backoff-limit", longestBackoff);
      add(given, "--retry-after-limit", longestRetryAfter);
      add(given, "--connections", connections);
      add(given, "--request-rate", rate);
      add(given, "--byte-rate", byteRate);
      return given;
    }

    private static void add(List<Flag> given, String name, @Nullable String value) {
      if (value != null) {
        given.add(new Flag(name, value));
      }
    }
  }
}
