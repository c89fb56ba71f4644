package dev.imgcompat.core;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.imgcompat.core.access.CertificateDirectories;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.config.Configuration;
import dev.imgcompat.core.engine.EngineClient;
import dev.imgcompat.core.engine.EngineFinder;
import dev.imgcompat.core.engine.HttpEngineClient;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerReader;
import dev.imgcompat.core.layer.ScanLimits;
import dev.imgcompat.core.registry.ForeignLayers;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.registry.NameLookup;
import dev.imgcompat.core.registry.Reach;
import dev.imgcompat.core.registry.RegistryClient;
import dev.imgcompat.core.registry.RegistryListings;
import dev.imgcompat.core.registry.RegistrySettings;
import dev.imgcompat.core.registry.RegistrySettings.Pace;
import dev.imgcompat.core.registry.RegistrySettings.Trust;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.source.ArchiveSources;
import dev.imgcompat.core.source.DirectorySource;
import dev.imgcompat.core.source.DockerDaemonSource;
import dev.imgcompat.core.source.OciLayoutSource;
import dev.imgcompat.core.source.RegistryImageSource;
import dev.imgcompat.core.sweep.plan.SweepPace;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts a {@link Scanner} together. Not thread-safe. */
public final class ScannerBuilder {
  private static final long MEMORY_STORE_BYTES = 64L << 20;

  private @Nullable FactStore store;
  private @Nullable RulePack rules;
  private @Nullable RegistryClient registries;
  private @Nullable Configuration configuration;
  private @Nullable CertificateDirectories certificates;
  private CredentialSource credentials = CredentialSource.ANONYMOUS;
  private RegistryListener registryListener = RegistryListener.NONE;
  private Reach reach = Reach.ANYWHERE;
  private @Nullable EngineClient engine;
  private boolean foreignLayers;
  private Policy policy = Policy.ANY;
  private ScanLimits limits = ScanLimits.DEFAULT;
  private InputStream standardInput = InputStream.nullInputStream();
  private Clock clock = Clock.systemUTC();
  private int layersAtOnce = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));

  private Optional<SweepPace> pace = Optional.empty();
  private List<LayerAnalyzer> analyzers = Analyzers.all();
  private Optional<Scanner> shared = Optional.empty();
  private Optional<LayersUnderWay> together = Optional.empty();
  private Duration brokenAge = Duration.ZERO;
  private Ticker ticker = Ticker.systemTicker();

  ScannerBuilder() {}

  /** Where facts are kept; in memory by default. */
  public ScannerBuilder store(FactStore value) {
    this.store = value;
    return this;
  }

  /** By which rules to judge; the built-in ones by default. */
  public ScannerBuilder rules(RulePack value) {
    this.rules = value;
    return this;
  }

  /** How registries are spoken to; by default as {@link RegistrySettings#DEFAULT} says. */
  public ScannerBuilder configuration(Configuration value) {
    this.configuration = value;
    return this;
  }

  /** What registries are shown; nothing by default. */
  public ScannerBuilder credentials(CredentialSource value) {
    this.credentials = value;
    return this;
  }

  /** Where there are certificates of registries besides those of the configuration. */
  public ScannerBuilder certificates(CertificateDirectories value) {
    this.certificates = value;
    return this;
  }

  /** Is told how it goes with registries. */
  public ScannerBuilder registryListener(RegistryListener value) {
    this.registryListener = value;
    return this;
  }

  /** Whom registries' images may make this connect to; everybody by default. */
  public ScannerBuilder reach(Reach value) {
    this.reach = value;
    return this;
  }

  /**
   * What talks to registries in the place of all that: a client over HTTP by default. The scanner
   * closes it.
   */
  public ScannerBuilder registries(RegistryClient value) {
    this.registries = value;
    return this;
  }

  /** Which scopes decide; all executables by default. */
  public ScannerBuilder policy(Policy value) {
    this.policy = value;
    return this;
  }

  /** The bounds for hostile layers. */
  public ScannerBuilder limits(ScanLimits value) {
    this.limits = value;
    return this;
  }

  /** How to talk to a Docker engine; to the one of the docker command by default. Is closed. */
  public ScannerBuilder engine(EngineClient value) {
    this.engine = value;
    return this;
  }

  /** What to read for archives named {@code -}; nothing by default. Is not closed. */
  public ScannerBuilder standardInput(InputStream value) {
    this.standardInput = value;
    return this;
  }

  /** The clock of {@code scannedAt}. */
  public ScannerBuilder clock(Clock value) {
    this.clock = value;
    return this;
  }

  /** How many layers are read at a time, over all images. */
  public ScannerBuilder layersAtOnce(int value) {
    this.layersAtOnce = value;
    return this;
  }

  /**
   * Whether layers that a registry or a layout lacks are fetched from where the manifest says that
   * they are, on whichever host. Not by default.
   */
  public ScannerBuilder foreignLayers(boolean value) {
    this.foreignLayers = value;
    return this;
  }

  /** At which pace to ask registries, where their settings do not say less. */
  public ScannerBuilder pace(SweepPace value) {
    this.pace = Optional.of(value);
    return this;
  }

  /** By what to read layers; by all analyzers that there are by default. */
  public ScannerBuilder analyzers(List<LayerAnalyzer> value) {
    this.analyzers = List.copyOf(value);
    return this;
  }

  /**
   * Reads no layer that another scanner is just reading, but waits for it; it must use the same
   * store, and outlive this one.
   */
  public ScannerBuilder sharing(Scanner value) {
    this.shared = Optional.of(value);
    return this;
  }

  /**
   * Reads no layer that another scanner of the same table is just reading, but waits for it, and
   * the other way round; they must use the same store. None by default.
   */
  public ScannerBuilder together(LayersUnderWay value) {
    this.together = Optional.of(value);
    return this;
  }

  /**
   * For how long a layer that turned out to be broken is not read again, whichever image of the
   * same registry has it; not at all by default.
   */
  public ScannerBuilder rememberBroken(Duration value) {
    this.brokenAge = value;
    return this;
  }

  /** By which time broken layers are forgotten. */
  ScannerBuilder ticker(Ticker value) {
    this.ticker = value;
    return this;
  }

  /** Returns the scanner. */
  public Scanner build() {
    FactStore facts = store != null ? store : new MemoryFactStore(MEMORY_STORE_BYTES);
    String userAgent = Version.userAgent();
    RegistryClient client =
        registries != null
            ? registries
            : new HttpRegistryClient(
                userAgent, this::settings, credentials, registryListener, reach, NameLookup.SYSTEM);
    ForeignLayers foreign =
        foreignLayers
            ? ForeignLayers.allowed(
                userAgent,
                configuration == null ? RegistrySettings.DEFAULT : configuration.anyRegistry())
            : ForeignLayers.NOT_ALLOWED;
    EngineClient docker =
        engine != null
            ? engine
            : new HttpEngineClient(
                new EngineFinder(System.getenv(), Path.of(System.getProperty("user.home"))),
                userAgent);
    List<ImageSource> sources = new ArrayList<>();
    sources.add(new RegistryImageSource(client, facts, foreign));
    sources.add(new OciLayoutSource(foreign));
    sources.addAll(ArchiveSources.all(standardInput, foreign));
    sources.add(new DockerDaemonSource(docker, facts));
    sources.add(new DirectorySource());
    LayerReader reader = new LayerReader(analyzers, limits);
    return new Scanner(
        sources,
        new LayerFactsLoader(
            reader,
            new KeptFacts(reader, facts),
            new BrokenLayers(brokenAge, ticker),
            shared.map(Scanner::loader),
            together.orElseGet(LayersUnderWay::new),
            layersAtOnce),
        client instanceof RegistryListings listings ? listings : RegistryListings.NONE,
        rules != null ? rules : RulePack.builtIn(),
        policy,
        clock);
  }

  private RegistrySettings settings(String registry) throws ScanException {
    RegistrySettings settings = trusting(registry);
    return pace.isEmpty() ? settings : settings.with(settings.pace().atMost(asked(pace.get())));
  }

  private static Pace asked(SweepPace pace) {
    return new Pace(pace.concurrency(), pace.requests(), pace.bytesPerSecond());
  }

  /** Authorities add up; a client certificate of the configuration is the one that counts. */
  private RegistrySettings trusting(String registry) throws ScanException {
    RegistrySettings settings =
        configuration == null ? RegistrySettings.DEFAULT : configuration.registry(registry);
    if (certificates == null) {
      return settings;
    }
    CertificateDirectories.Found found = certificates.of(registry);
    Trust trust = settings.trust();
    List<Path> authorities = new ArrayList<>(trust.authorities());
    authorities.addAll(found.authorities());
    return settings.with(
        new Trust(trust.insecure(), authorities, trust.identity().or(found::identity)));
  }
}
