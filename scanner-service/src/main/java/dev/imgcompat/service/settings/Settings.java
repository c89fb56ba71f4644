package dev.imgcompat.service.settings;

import dev.imgcompat.core.rules.Policy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * All settings, as {@code imgcompat.GROUP.NAME} in the file, {@code IMGCOMPAT_GROUP_NAME} in the
 * environment. Immutable; what is in it was checked.
 *
 * <p>{@code docs/service.md} has a table of them, which a test compares with this.
 */
public record Settings(
    @DefaultValue Server server,
    @DefaultValue Management management,
    @DefaultValue Access access,
    @DefaultValue StoreSettings store,
    @DefaultValue Memory memory,
    @DefaultValue Registries registries,
    @DefaultValue Scans scans,
    @DefaultValue Sweeps sweeps,
    @DefaultValue Retention retention,
    @DefaultValue LookupSettings lookup,
    @DefaultValue Judging judging,
    @DefaultValue Router router,
    @DefaultValue ListSettings lists,
    @DefaultValue Log log,
    @DefaultValue Tracing tracing) {

  /**
   * Where and how HTTP is spoken.
   *
   * @param address to listen on
   * @param port to listen on; 0 for any
   * @param threads that answer
   * @param connections that may be open
   * @param maxBody of a request
   * @param maxHeader of a request: its first line and all its headers
   * @param tlsCertificate certificates in PEM, the server's own first; without it plain http is
   *     spoken
   * @param tlsKey its private key in PEM
   * @param drain how long requests and scans that were begun may go on after SIGTERM
   */
  public record Server(
      @DefaultValue("127.0.0.1") String address,
      @DefaultValue("8080") int port,
      @DefaultValue("50") int threads,
      @DefaultValue("8192") int connections,
      @DefaultValue("256KB") DataSize maxBody,
      @DefaultValue("16KB") DataSize maxHeader,
      @Nullable Path tlsCertificate,
      @Nullable Path tlsKey,
      @DefaultValue("30s") Duration drain) {
    public Server {
      Check.port("server.port", port);
      Check.range("server.threads", threads, 1, 10_000);
      Check.range("server.connections", connections, 1, 1_000_000);
      Check.size("server.max-body", maxBody, DataSize.ofKilobytes(1), DataSize.ofMegabytes(64));
      Check.size("server.max-header", maxHeader, DataSize.ofKilobytes(1), DataSize.ofMegabytes(1));
      Check.duration("server.drain", drain, Duration.ZERO, Duration.ofHours(1));
      Check.together("server.tls-certificate", tlsCertificate, "server.tls-key", tlsKey);
    }
  }

  /**
   * Where the service is watched.
   *
   * @param address to listen on
   * @param port to listen on, another than the server's; 0 for any
   * @param readyWithoutStore whether {@code /readyz} answers 200 while the store is down, since
   *     known images are still answered
   */
  public record Management(
      @DefaultValue("127.0.0.1") String address,
      @DefaultValue("8081") int port,
      @DefaultValue("true") boolean readyWithoutStore) {
    public Management {
      Check.port("management.port", port);
    }
  }

  /** Whether reading needs a token. */
  public enum Reading {
    /** Anybody may read. */
    OPEN,
    /** Whoever reads shows a token. */
    TOKEN
  }

  /**
   * Who may ask for what.
   *
   * @param reading whether it is open
   * @param tokens the file with the salted hashes of tokens; without it nobody is an operator
   */
  public record Access(@DefaultValue("open") Reading reading, @Nullable Path tokens) {
    public Access {
      if (reading == Reading.TOKEN && tokens == null) {
        throw new InvalidSettingException(
            "access.tokens", "is missing: with access.reading=token nobody could read");
      }
    }
  }

  /**
   * Where things are kept.
   *
   * @param directory of the embedded store; made if it is not there
   * @param url of a PostgreSQL database, {@code jdbc:postgresql://HOST/NAME}; without it the
   *     embedded store is used
   * @param username for it
   * @param passwordFile the file with the password, so that it is in no environment
   * @param password for it
   * @param connections at the most
   * @param timeout for a connection, and for an answer
   */
  public record StoreSettings(
      @Nullable Path directory,
      @Nullable String url,
      @Nullable String username,
      @Nullable Path passwordFile,
      @Nullable String password,
      @DefaultValue("10") int connections,
      @DefaultValue("3s") Duration timeout) {
    public StoreSettings {
      if (url != null && !url.startsWith("jdbc:postgresql:") && !url.startsWith("jdbc:h2:")) {
        throw new InvalidSettingException(
            "store.url", "is neither a jdbc:postgresql: nor a jdbc:h2: URL");
      }
      if (password != null && passwordFile != null) {
        throw new InvalidSettingException(
            "store.password", "is given besides store.password-file: which one is it?");
      }
      Check.range("store.connections", connections, 2, 1000);
      Check.duration("store.timeout", timeout, Duration.ofMillis(250), Duration.ofMinutes(1));
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "StoreSettings[" + (url == null ? directory : "url") + "]";
    }
  }

  /**
   * How much memory caches may take, roughly.
   *
   * @param lookups answers
   * @param facts facts of layers
   * @param lists lists in their formats
   */
  public record Memory(
      @DefaultValue("64MB") DataSize lookups,
      @DefaultValue("64MB") DataSize facts,
      @DefaultValue("64MB") DataSize lists) {
    public Memory {
      Check.size("memory.lookups", lookups, DataSize.ofMegabytes(1), DataSize.ofGigabytes(64));
      Check.size("memory.facts", facts, DataSize.ofMegabytes(1), DataSize.ofGigabytes(64));
      Check.size("memory.lists", lists, DataSize.ofMegabytes(1), DataSize.ofGigabytes(64));
    }
  }

  /**
   * Which registries are asked, and how.
   *
   * @param allowed those that are, each with the hosts of its token server and blob stores after
   *     it: {@code REGISTRY [HOST|*.DOMAIN…]}
   * @param networks of addresses that are connected to though they are loopback, link-local or of
   *     cloud metadata: {@code ADDRESS/BITS}
   * @param config the file with time-outs, mirrors, proxies and authorities, as the command line
   *     has it
   * @param authfile the file with credentials, as docker and podman write it
   */
  public record Registries(
      @DefaultValue List<String> allowed,
      @DefaultValue List<String> networks,
      @Nullable Path config,
      @Nullable Path authfile) {
    public Registries {
      allowed = List.copyOf(allowed);
      networks = List.copyOf(networks);
    }
  }

  /**
   * Scans in the background.
   *
   * @param workers how many images are scanned at a time; of one registry all but one of them,
   *     where several are allowed
   * @param layers how many layers are read at a time, over all of them
   * @param queue how many scans may wait
   * @param attempts how often a scan is begun that fails for what may pass
   * @param timeout after how long a scan is given up for now, and tried again
   * @param poll how often the queue is looked at
   * @param heartbeat how often a worker says that it lives; one that was silent for four times as
   *     long has its scan done by another
   * @param maxWait how long {@code POST /v1/scans?wait=} waits at the most
   * @param waiting how many requests may wait so at a time
   * @param keep how long scans that ended can be looked at
   */
  public record Scans(
      @DefaultValue("4") int workers,
      @DefaultValue("4") int layers,
      @DefaultValue("10000") int queue,
      @DefaultValue("4") int attempts,
      @DefaultValue("15m") Duration timeout,
      @DefaultValue("1s") Duration poll,
      @DefaultValue("5s") Duration heartbeat,
      @DefaultValue("60s") Duration maxWait,
      @DefaultValue("100") int waiting,
      @DefaultValue("7d") Duration keep) {
    public Scans {
      Check.range("scans.workers", workers, 1, 256);
      Check.range("scans.layers", layers, 1, 256);
      Check.range("scans.queue", queue, 1, 10_000_000);
      Check.range("scans.attempts", attempts, 1, 100);
      Check.duration("scans.timeout", timeout, Duration.ofSeconds(1), Duration.ofDays(1));
      Check.duration("scans.poll", poll, Duration.ofMillis(100), Duration.ofMinutes(10));
      Check.duration("scans.heartbeat", heartbeat, Duration.ofSeconds(1), Duration.ofMinutes(10));
      Check.duration("scans.max-wait", maxWait, Duration.ZERO, Duration.ofMinutes(10));
      Check.range("scans.waiting", waiting, 0, 100_000);
      Check.duration("scans.keep", keep, Duration.ofMinutes(1), Duration.ofDays(3650));
    }
  }

  /**
   * Sweeps of registries.
   *
   * @param plans the file with plans, each with its schedule; without it there are only those that
   *     operators send
   * @param atOnce how many sweeps go on at a time in this process; one that is held up counts
   * @param layers how many layers each of them reads at a time
   * @param queue how many sweeps may wait or go on, over all replicas
   * @param keep how many runs of each plan can be looked at
   */
  public record Sweeps(
      @Nullable Path plans,
      @DefaultValue("2") int atOnce,
      @DefaultValue("4") int layers,
      @DefaultValue("50") int queue,
      @DefaultValue("20") int keep) {
    public Sweeps {
      Check.range("sweeps.at-once", atOnce, 1, 64);
      Check.range("sweeps.layers", layers, 1, 256);
      Check.range("sweeps.queue", queue, 1, 10_000);
      Check.range("sweeps.keep", keep, 1, 10_000);
    }
  }

  /**
   * For how long things are kept that nothing uses any more.
   *
   * @param images that no reference names, with their verdicts
   * @param documents manifests, configs and facts of layers that no image uses
   * @param facts of layers that were read once more by newer analyzers
   * @param history of references that are gone, and plans that are not swept any more
   */
  public record Retention(
      @DefaultValue("7d") Duration images,
      @DefaultValue("7d") Duration documents,
      @DefaultValue("30d") Duration facts,
      @DefaultValue("365d") Duration history) {
    public Retention {
      Duration least = Duration.ofHours(1);
      Duration most = Duration.ofDays(36_500);
      Check.duration("retention.images", images, least, most);
      Check.duration("retention.documents", documents, least, most);
      Check.duration("retention.facts", facts, least, most);
      Check.duration("retention.history", history, least, most);
    }
  }

  /**
   * Answers at build start.
   *
   * @param scan whether what is unknown or stale is scanned; without it only operators cause scans
   * @param tagAge how long it is believed that a tag names what it did
   * @param retryAge after how long a scan is tried again that failed for good
   * @param patience how long an answer waits for the store at the most
   * @param refresh after how long an answer in memory is compared with the store, in the background
   * @param maxAge how long a client may keep an answer
   */
  public record LookupSettings(
      @DefaultValue("true") boolean scan,
      @DefaultValue("1h") Duration tagAge,
      @DefaultValue("10m") Duration retryAge,
      @DefaultValue("100ms") Duration patience,
      @DefaultValue("5s") Duration refresh,
      @DefaultValue("10s") Duration maxAge) {
    public LookupSettings {
      Check.duration("lookup.tag-age", tagAge, Duration.ofSeconds(1), Duration.ofDays(365));
      Check.duration("lookup.retry-age", retryAge, Duration.ofSeconds(1), Duration.ofDays(365));
      Check.duration("lookup.patience", patience, Duration.ofMillis(1), Duration.ofSeconds(10));
      Check.duration("lookup.refresh", refresh, Duration.ofMillis(100), Duration.ofHours(1));
      Check.duration("lookup.max-age", maxAge, Duration.ZERO, Duration.ofHours(1));
    }
  }

  /**
   * How images are judged.
   *
   * @param runtimes for which every image is judged; the first is that of lookups without one
   * @param policy which programs decide
   * @param rules the directory with rule files of one's own
   * @param platform that lookups without one are about
   */
  public record Judging(
      @DefaultValue("kata") List<String> runtimes,
      @DefaultValue("any") Policy policy,
      @Nullable Path rules,
      @DefaultValue("linux/amd64") String platform) {
    public Judging {
      runtimes = List.copyOf(runtimes);
      if (runtimes.isEmpty()) {
        throw new InvalidSettingException("judging.runtimes", "is empty: name one, such as kata");
      }
    }
  }

  /** What becomes of images of which nothing is known. */
  public enum Unknown {
    /** They are kept away from the runtime. */
    EXCLUDE,
    /** They are started in it. */
    ALLOW
  }

  /**
   * What the router calls things; the same for hints in answers and for lists.
   *
   * @param unknown what becomes of images of which nothing is known
   * @param guestHasParams whether the guests have the kernel parameters that images need
   * @param defaultRegistry where the cluster takes names without a registry from; Docker Hub if
   *     absent
   * @param executor that starts builds in the runtime
   * @param fallback the executor for what the runtime cannot run
   * @param kernelParams whether images that need kernel parameters have an executor of their own
   */
  public record Router(
      @DefaultValue("exclude") Unknown unknown,
      @DefaultValue("false") boolean guestHasParams,
      @Nullable String defaultRegistry,
      @DefaultValue("k8s") String executor,
      @DefaultValue("k8s-vm") String fallback,
      @DefaultValue("false") boolean kernelParams) {}

  /**
   * The lists.
   *
   * @param interval how often they are made anew if decisions have changed
   * @param maxRemovals how much of a list may be gone in the next revision, in percent
   * @param freeRemovals how many entries may be gone whatever share that is
   */
  public record ListSettings(
      @DefaultValue("10s") Duration interval,
      @DefaultValue("10") int maxRemovals,
      @DefaultValue("5") int freeRemovals) {
    public ListSettings {
      Check.duration("lists.interval", interval, Duration.ofSeconds(1), Duration.ofDays(1));
      Check.range("lists.max-removals", maxRemovals, 0, 100);
      Check.range("lists.free-removals", freeRemovals, 0, 1_000_000);
    }
  }

  /** How logs are written. */
  public enum LogFormat {
    /** One JSON object a line. */
    JSON,
    /** For people. */
    TEXT
  }

  /**
   * Logs, on standard output.
   *
   * @param format of a line
   * @param level from which on: error, warn, info or debug
   */
  public record Log(@DefaultValue("json") LogFormat format, @DefaultValue("info") Level level) {}

  /** How much is logged. */
  public enum Level {
    /** Defects. */
    ERROR,
    /** What an operator should look at, too. */
    WARN,
    /** What is done, too. */
    INFO,
    /** All that may help to find a mistake. */
    DEBUG
  }

  /**
   * Traces.
   *
   * @param endpoint to which they are sent with OTLP over HTTP, such as {@code
   *     http://127.0.0.1:4318/v1/traces}; without it they are not sent
   * @param share of requests that are traced unless whoever asks has decided it, from 0 to 1
   */
  public record Tracing(@Nullable URI endpoint, @DefaultValue("0.1") double share) {
    public Tracing {
      if (!(share >= 0 && share <= 1)) {
        throw new InvalidSettingException("tracing.share", share + " is not between 0 and 1");
      }
    }
  }
}
