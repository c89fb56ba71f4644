package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.ClientIdentity;
import dev.imgcompat.core.image.ScanException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How one registry is spoken to. Immutable.
 *
 * @param trust whom to believe
 * @param proxies through whom
 * @param mirrors whom to ask first, in this order
 * @param timeouts for how long
 * @param retries how often
 * @param pace how much at a time
 */
public record RegistrySettings(
    Trust trust,
    Proxies proxies,
    List<Mirror> mirrors,
    Timeouts timeouts,
    Retries retries,
    Pace pace) {
  /** What holds where nothing is set. */
  public static final RegistrySettings DEFAULT =
      new RegistrySettings(
          Trust.DEFAULT, Proxies.NONE, List.of(), Timeouts.DEFAULT, Retries.DEFAULT, Pace.DEFAULT);

  public RegistrySettings {
    mirrors = List.copyOf(mirrors);
  }

  /** Knows the settings of each registry. Safe for use by several threads. */
  @FunctionalInterface
  public interface Source {
    /**
     * Returns the settings of one, which are the same for a whole process.
     *
     * @param registry its host, with a port where it has one; {@code docker.io} is Docker Hub
     */
    RegistrySettings of(String registry) throws ScanException;
  }

  /** The same, but trusting as said. */
  public RegistrySettings with(Trust other) {
    return new RegistrySettings(other, proxies, mirrors, timeouts, retries, pace);
  }

  /** The same, but at another pace. */
  public RegistrySettings with(Pace other) {
    return new RegistrySettings(trust, proxies, mirrors, timeouts, retries, other);
  }

  /**
   * Whom to believe, and as whom to appear.
   *
   * @param insecure whether a certificate that does not prove the registry's name is put up with,
   *     and plain http where there is no https
   * @param authorities files of certificates (PEM) that are trusted besides those of Java
   * @param identity is shown to the registry only, not to its token server nor to blob stores
   */
  public record Trust(boolean insecure, List<Path> authorities, Optional<ClientIdentity> identity) {
    /** Java's authorities. */
    public static final Trust DEFAULT = new Trust(false, List.of(), Optional.empty());

    public Trust {
      authorities = List.copyOf(authorities);
    }
  }

  /**
   * Proxies, as the variables {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} name
   * them. The loopback interface is never asked through a proxy.
   *
   * @param forHttps {@code http://[USER:PASSWORD@]HOST[:PORT]} of the proxy for https
   * @param forHttp the same for plain http
   * @param bypass who is asked directly: {@code HOST}, {@code .DOMAIN}, an address, a network in
   *     CIDR notation, each also with {@code :PORT}, or {@code *}
   */
  public record Proxies(Optional<URI> forHttps, Optional<URI> forHttp, List<String> bypass) {
    /** All are asked directly. */
    public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), List.of());

    public Proxies {
      bypass = List.copyOf(bypass);
    }
  }

  /**
   * Another registry that has the same repositories.
   *
   * @param host its host, with a port where it has one
   * @param prefix of its repositories, such as {@code dockerhub} for a cache of Docker Hub's in
   *     {@code dockerhub/library/centos}; may be empty
   */
  public record Mirror(String host, String prefix) {
    /** How it is written: {@code HOST[:PORT][/PREFIX]}. */
    @Override
    public String toString() {
      return prefix.isEmpty() ? host : host + "/" + prefix;
    }
  }

  /**
   * For how long to wait.
   *
   * @param connect for a connection, and for TLS on it
   * @param stall for an answer to begin, and for its next byte
   * @param overall for one manifest or layer, all tries together
   * @param minimumSpeed bytes per second that a layer must come with, on average over {@code stall}
   */
  public record Timeouts(Duration connect, Duration stall, Duration overall, long minimumSpeed) {
    /** Generous. */
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofHours(1), 1024);
  }

  /**
   * How often to try again what may pass.
   *
   * @param most times that one request is sent again; a layer that goes on counts anew
   * @param backoff the first pause is up to this long, each further one up to twice as long
   * @param longestBackoff bounds these
   * @param longestRetryAfter what a registry may ask to wait; if it wants more, the request fails
   */
  public record Retries(
      int most, Duration backoff, Duration longestBackoff, Duration longestRetryAfter) {
    /** Some fifteen seconds, or what a registry asks for. */
    public static final Retries DEFAULT =
        new Retries(5, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(2));

    /** The same, but for no more than one further try. */
    Retries few() {
      return new Retries(Math.min(1, most), backoff, longestBackoff, longestRetryAfter);
    }
  }

  /**
   * How much to ask for at a time.
   *
   * @param connections at the same time
   * @param requests in how much time; without one, as many as there are
   * @param bytesPerSecond of layers, over all connections; without it, as many as come
   */
  public record Pace(int connections, Optional<Rate> requests, OptionalLong bytesPerSecond) {
    /** Eight at a time. */
    public static final Pace DEFAULT = new Pace(8, Optional.empty(), OptionalLong.empty());

    /** Of everything the smaller of this and another. */
    public Pace atMost(Pace other) {
      return new Pace(
          Math.min(connections, other.connections),
          Stream.of(requests, other.requests)
              .flatMap(Optional::stream)
              .min(Comparator.comparingDouble(Rate::perSecond)),
          LongStream.concat(bytesPerSecond.stream(), other.bytesPerSecond.stream()).min());
    }
  }

  /**
   * A rate of requests.
   *
   * @param count of them
   * @param per time
   */
  public record Rate(int count, Duration per) {
    private double perSecond() {
      return count * 1e9 / per.toNanos();
    }
  }
}
