package dev.imgcompat.core.config;

import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import dev.imgcompat.core.registry.RegistrySettings.Pace;
import dev.imgcompat.core.registry.RegistrySettings.Rate;
import dev.imgcompat.core.registry.RegistrySettings.Retries;
import dev.imgcompat.core.registry.RegistrySettings.Timeouts;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What can be set.
 *
 * @param <T> the type of its value, or of each of its values
 * @param name in the config file
 * @param form how a value is written
 * @param scope of which registries it can be said
 * @param written how it is written in a flag or a variable
 * @param many whether it has a list of values
 * @param standard the value where nothing is said, if there is one
 */
record Key<T>(
    String name, Form<T> form, Scope scope, Written written, boolean many, Optional<T> standard) {
  static final Key<Path> AUTHFILE = of("authfile", Form.PATH).forAllOnly();
  static final Key<Boolean> INSECURE =
      of("insecure", Form.TRUTH).forOneOnly().as(Written.REGISTRIES).or(false);
  static final Key<Path> CA_CERT =
      of("ca-cert", Form.PATH).as(Written.PERHAPS_OF_A_REGISTRY).list();
  static final Key<Path> CLIENT_CERT =
      of("client-cert", Form.PATH).as(Written.PERHAPS_OF_A_REGISTRY);
  static final Key<Path> CLIENT_KEY = of("client-key", Form.PATH).as(Written.PERHAPS_OF_A_REGISTRY);
  static final Key<Mirror> MIRRORS =
      of("mirrors", Form.MIRROR).forOneOnly().as(Written.OF_A_REGISTRY).list();
  static final Key<Optional<URI>> PROXY = of("proxy", Form.PROXY).or(Optional.empty());
  static final Key<String> NO_PROXY = of("no-proxy", Form.BYPASS).as(Written.LIST).list();
  static final Key<Duration> CONNECT_TIMEOUT =
      of("connect-timeout", Form.DURATION).or(Timeouts.DEFAULT.connect());
  static final Key<Duration> STALL_TIMEOUT =
      of("stall-timeout", Form.DURATION).or(Timeouts.DEFAULT.stall());
  static final Key<Long> MINIMUM_SPEED =
      of("minimum-speed", Form.SPEED).or(Timeouts.DEFAULT.minimumSpeed());
  static final Key<Duration> OVERALL_TIMEOUT =
      of("overall-timeout", Form.DURATION).or(Timeouts.DEFAULT.overall());
  static final Key<Integer> RETRIES = of("retries", Form.count(0, 100)).or(Retries.DEFAULT.most());
  static final Key<Duration> BACKOFF = of("backoff", Form.DURATION).or(Retries.DEFAULT.backoff());
  static final Key<Duration> BACKOFF_LIMIT =
      of("backoff-limit", Form.DURATION).or(Retries.DEFAULT.longestBackoff());
  static final Key<Duration> RETRY_AFTER_LIMIT =
      of("retry-after-limit", Form.DURATION).or(Retries.DEFAULT.longestRetryAfter());
  static final Key<Integer> CONNECTIONS =
      of("connections", Form.count(1, 64)).or(Pace.DEFAULT.connections());
  static final Key<Optional<Rate>> REQUEST_RATE =
      of("request-rate", Form.RATE).or(Pace.DEFAULT.requests());
  static final Key<OptionalLong> BYTE_RATE =
      of("byte-rate", Form.BYTE_RATE).or(Pace.DEFAULT.bytesPerSecond());

  /** All that have a name in the config file, in the order in which they are shown. */
  static final List<Key<?>> ALL =
      List.of(
          AUTHFILE,
          INSECURE,
          MIRRORS,
          CA_CERT,
          CLIENT_CERT,
          CLIENT_KEY,
          PROXY,
          NO_PROXY,
          CONNECT_TIMEOUT,
          STALL_TIMEOUT,
          MINIMUM_SPEED,
          OVERALL_TIMEOUT,
          RETRIES,
          BACKOFF,
          BACKOFF_LIMIT,
          RETRY_AFTER_LIMIT,
          CONNECTIONS,
          REQUEST_RATE,
          BYTE_RATE);

  /** The proxy of https alone: only a variable says that. */
  static final Key<Optional<URI>> PROXY_OF_HTTPS = PROXY.as("proxy for https");

  /** The proxy of plain http alone: only a variable says that. */
  static final Key<Optional<URI>> PROXY_OF_HTTP = PROXY.as("proxy for http");

  /** How it is written in a flag or a variable. */
  enum Written {
    /** {@code VALUE}. */
    VALUE,
    /** {@code VALUE,VALUE}. */
    LIST,
    /** {@code HOST}: true for this one. */
    REGISTRIES,
    /** {@code HOST=VALUE}. */
    OF_A_REGISTRY,
    /** {@code VALUE}, or {@code HOST=VALUE}. */
    PERHAPS_OF_A_REGISTRY
  }

  /** Of which registries it can be said. */
  enum Scope {
    ALL,
    ONE,
    EITHER
  }

  private static <T> Key<T> of(String name, Form<T> form) {
    return new Key<>(name, form, Scope.EITHER, Written.VALUE, false, Optional.empty());
  }

  private Key<T> as(String other) {
    return new Key<>(other, form, scope, written, many, standard);
  }

  private Key<T> forAllOnly() {
    return new Key<>(name, form, Scope.ALL, written, many, standard);
  }

  private Key<T> forOneOnly() {
    return new Key<>(name, form, Scope.ONE, written, many, standard);
  }

  private Key<T> as(Written other) {
    return new Key<>(name, form, scope, other, many, standard);
  }

  private Key<T> list() {
    return new Key<>(name, form, scope, written, true, standard);
  }

  private Key<T> or(T value) {
    return new Key<>(name, form, scope, written, many, Optional.of(value));
  }

  /** Such as {@code --connect-timeout}. */
  String flag() {
    return name.equals("mirrors") ? "--mirror" : "--" + name;
  }

  /** Such as {@code IMGCOMPAT_CONNECT_TIMEOUT}. */
  String variable() {
    return "IMGCOMPAT_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** What it is called there. */
  String nameIn(Origin.Kind kind) {
    return switch (kind) {
      case FLAG -> flag();
      case VARIABLE -> variable();
      case FILE, DEFAULT -> name;
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
