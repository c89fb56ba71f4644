package dev.imgcompat.cli;

import dev.imgcompat.core.ScanListener;
import dev.imgcompat.core.ScanRequest;
import dev.imgcompat.core.Scanner;
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
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Judge;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFormat;
import dev.imgcompat.core.verdict.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code imgcompat scan}. */
@Command(
    name = "scan",
    description = "Scans images and says whether they run on a target.",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class,
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  nothing is at or above --fail-on",
      "  1  a defect of this program",
      "  2  wrong usage",
      "  3  something is at or above --fail-on",
      "  4  an image could not be scanned, or not whole; the others are still reported"
    })
final class ScanCommand implements Callable<Integer> {
  private static final long MEMORY_STORE_BYTES = 64L << 20;

  /** With what is being written when the process is told to end. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  @ParentCommand private ImgcompatCommand parent;
  @Mixin private CacheOptions cache;
  @Mixin private RuleOptions rules;
  @Mixin private RegistryOptions registries;

  @Parameters(
      arity = "0..*",
      paramLabel = "REFERENCE",
      description = {
        "[docker://]NAME[:TAG][@DIGEST], docker-archive:FILE[:NAME:TAG], docker-daemon:NAME[:TAG],",
        "oci:DIR[:TAG], oci-archive:FILE[:TAG] or rootfs:DIR; FILE may be - for standard input.",
        "- alone reads references from standard input, one a line."
      })
  private List<String> references = new ArrayList<>();

  @Option(
      names = "--from-file",
      paramLabel = "FILE",
      description = "Reads references from a file (- for standard input), one a line.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Which image of an index, or all of them (default: linux/amd64).")
  private @Nullable String platform;

  @Option(
      names = "--allow-foreign-layers",
      description =
          "Fetches layers that the registry lacks from the addresses in the manifest, on whichever"
              + " host.")
  private boolean foreignLayers;

  @Option(
      names = "--runtime",
      paramLabel = "NAME[:VERSION]",
      split = ",",
      defaultValue = "kata",
      description = {
        "For which runtime to judge, or all (default: ${DEFAULT-VALUE}).",
        "file:FILE[#NAME[:VERSION]] takes one from a file; 'runtimes' lists and makes them."
      })
  private List<String> runtimes = new ArrayList<>();

  @Option(
      names = "--policy",
      paramLabel = "SCOPE",
      defaultValue = "any",
      description =
          "Which programs decide: start, path or any executable (default: ${DEFAULT-VALUE}).")
  private Policy policy = Policy.ANY;

  @Option(
      names = "--fail-on",
      paramLabel = "DECISION",
      defaultValue = "excluded",
      description =
          "From which decision on to end with exit code 3: needs-kernel-params, excluded or never"
              + " (default: ${DEFAULT-VALUE}).")
  private String failOn = "excluded";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json or yaml (default: ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  @Option(names = "--list-elf", description = "Lists every ELF file in the report.")
  private boolean listElf;

  @Option(names = "--explain", description = "Tells of each finding, step by step, how it comes.")
  private boolean explain;

  @Option(
      names = "--verbose",
      description = "Shows findings on files, too, which nothing runs or loads.")
  private boolean verbose;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many images to scan at a time (default: ${DEFAULT-VALUE}).")
  private int jobs = 2;

  @Option(names = "--no-cache", description = "Neither uses nor keeps facts of layers.")
  private boolean noCache;

  @Option(names = "--no-progress", description = "Draws no progress bar.")
  private boolean noProgress;

  @Option(names = "--debug", description = "Shows the causes of failures.")
  private boolean debug;

  @Override
  public Integer call() throws UsageException, InterruptedException {
    Streams streams = parent.streams();
    Optional<Decision> threshold = threshold();
    PlatformRequest platforms = platforms();
    if (jobs < 1 || jobs > 64) {
      throw new UsageException("--jobs takes a number from 1 to 64");
    }
    Configuration configuration = registries.configuration(streams);
    List<String> wanted = References.of(references, files, streams);
    Optional<GivenLogin> login =
        registries.login(wanted, References.readStandardInput(references, files), streams);
    if (debug) {
      tell(configuration, login, streams);
    }
    RulePack pack = rules.pack();
    ScanRequest request = new ScanRequest(platforms, Targets.of(runtimes, pack), listElf);
    FactStore store = store(streams);
    try (ProgressDisplay progress =
            ProgressDisplay.create(streams.animated() && !noProgress, streams.err());
        Scanner scanner =
            Scanner.builder()
                .rules(pack)
                .policy(policy)
                .store(store)
                .standardInput(streams.in())
                .configuration(configuration)
                .credentials(credentials(configuration, login, streams))
                .certificates(CertificateDirectories.ofUser(Homes.of(streams)))
                .registryListener(new RegistryMessages(streams.err(), progress, debug))
                .engine(engine(streams))
                .foreignLayers(foreignLayers)
                .build()) {
      List<ImageReport> images;
      OnInterrupt interrupt = OnInterrupt.run(() -> interrupted(store, progress, streams));
      try {
        images = scan(scanner, wanted, request, progress, streams);
      } finally {
        interrupt.remove();
      }
      progress.finish();
      Report report = new Report(Report.SCHEMA_VERSION, scanner.tool(), images);
      switch (output) {
        case TEXT -> {
          if (runtimes.contains(Targets.ALL)) {
            new Matrix(streams.out(), streams.coloured()).print(images);
          }
        }
        case JSON -> streams.out().print(ReportFormat.json(report));
        case YAML -> streams.out().print(ReportFormat.yaml(report));
      }
      streams.out().flush();
      return exitCode(images, threshold);
    }
  }

  /** Scans several images at a time, and shows each as soon as those before it are done. */
  private List<ImageReport> scan(
      Scanner scanner,
      List<String> wanted,
      ScanRequest request,
      ProgressDisplay progress,
      Streams streams)
      throws InterruptedException {
    TextReport text = new TextReport(streams.out(), streams.coloured(), explain, verbose);
    ScanListener listener = debug ? new DebugListener(progress, streams.err()) : progress;
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(jobs, wanted.size()), DaemonThread::new);
    try {
      List<Future<List<ImageReport>>> scans = new ArrayList<>();
      for (String reference : wanted) {
        scans.add(threads.submit(() -> scanner.scan(reference, request, listener)));
      }
      List<ImageReport> all = new ArrayList<>();
      for (Future<List<ImageReport>> scan : scans) {
        for (ImageReport image : scan.get()) {
          progress.print(() -> show(image, text, streams));
          all.add(image);
        }
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private void show(ImageReport image, TextReport text, Streams streams) {
    if (output == OutputFormat.TEXT) {
      text.print(image);
      streams.out().flush();
    }
    image
        .error()
        .ifPresent(
            error ->
                complain(
                    image,
                    error.message() + (error.retryable() ? " (may pass: try again)" : ""),
                    streams));
    if (image.error().isEmpty()) {
      image.verdicts().stream()
          .filter(v -> v.decision() == Decision.UNKNOWN)
          .flatMap(v -> v.notes().stream())
          .filter(note -> note.startsWith(Judge.INCOMPLETE))
          .findFirst()
          .ifPresent(note -> complain(image, note, streams));
    }
  }

  private static void complain(ImageReport image, String what, Streams streams) {
    streams
        .err()
        .println("imgcompat: " + Printable.of(image.reference()) + ": " + Printable.of(what));
    streams.err().flush();
  }

  /** Leaves the cache and the terminal in order; whoever does not read is not waited for. */
  private static void interrupted(FactStore store, ProgressDisplay progress, Streams streams) {
    try {
      if (store instanceof FileFactStore files) {
        files.close(PATIENCE);
      }
      Thread saying =
          new DaemonThread(
              () -> {
                progress.finish();
                streams.err().println("imgcompat: interrupted");
                streams.err().flush();
              });
      saying.start();
      saying.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  private static int exitCode(List<ImageReport> images, Optional<Decision> threshold) {
    if (images.stream()
        .flatMap(i -> i.error().stream())
        .anyMatch(e -> e.kind().equals(ScanException.Internal.KIND))) {
      return ExitCode.DEFECT;
    }
    List<Decision> decisions =
        images.stream().flatMap(i -> i.verdicts().stream()).map(Verdict::decision).toList();
    if (decisions.contains(Decision.UNKNOWN)) {
      return ExitCode.NOT_SCANNED;
    }
    boolean reached =
        threshold.isPresent()
            && decisions.stream().anyMatch(d -> d.compareTo(threshold.get()) >= 0);
    return reached ? ExitCode.VERDICT : ExitCode.OK;
  }

  private Optional<Decision> threshold() throws UsageException {
    return switch (failOn.toLowerCase(Locale.ROOT).replace('_', '-')) {
      case "needs-kernel-params" -> Optional.of(Decision.NEEDS_KERNEL_PARAMS);
      case "excluded" -> Optional.of(Decision.EXCLUDED);
      case "never" -> Optional.empty();
      default ->
          throw new UsageException(
              "'"
                  + failOn
                  + "' is nothing to fail on: write needs-kernel-params, excluded or never");
    };
  }

  private PlatformRequest platforms() throws UsageException {
    try {
      return platform == null ? PlatformRequest.DEFAULT : PlatformRequest.parse(platform);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** The engine that the docker command would use, if any image of one is asked for. */
  private static EngineClient engine(Streams streams) throws UsageException {
    return new HttpEngineClient(
        new EngineFinder(streams.environment(), Homes.of(streams)), Version.userAgent());
  }

  private FactStore store(Streams streams) throws UsageException {
    if (noCache) {
      return new MemoryFactStore(MEMORY_STORE_BYTES);
    }
    return new FileFactStore(
        cache.directory(streams), warning -> streams.err().println("imgcompat: " + warning));
  }

  private static final class DaemonThread extends Thread {
    DaemonThread(Runnable task) {
      super(task, "scan");
      setDaemon(true);
    }
  }
}
