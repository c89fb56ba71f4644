package dev.imgcompat.cli;

import dev.imgcompat.core.ScanListener;
import dev.imgcompat.core.ScanRequest;
import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.config.Configuration;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.FileFactStore;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  /** With what is being written when the process is told to end. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  @ParentCommand private ImgcompatCommand parent;
  @Mixin private ScannerOptions options;
  @Mixin private JudgementOptions judgement;

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

  @Override
  public Integer call() throws UsageException, InterruptedException {
    Streams streams = parent.streams();
    Optional<Decision> threshold = judgement.threshold();
    PlatformRequest platforms = judgement.platforms().orElse(PlatformRequest.DEFAULT);
    if (jobs < 1 || jobs > 64) {
      throw new UsageException("--jobs takes a number from 1 to 64");
    }
    Configuration configuration = options.configuration(streams);
    List<String> wanted = References.of(references, files, streams);
    Optional<GivenLogin> login =
        options.login(
            References.registries(wanted),
            References.readStandardInput(references, files)
                || wanted.stream().anyMatch(References::isStandardInput),
            streams);
    RulePack pack = judgement.pack();
    ScanRequest request = new ScanRequest(platforms, judgement.targets(pack), listElf);
    FactStore store = options.store(streams);
    try (ProgressDisplay progress =
            ProgressDisplay.create(streams.animated() && !options.noProgress(), streams.err());
        Scanner scanner =
            options
                .scanner(configuration, login, store, streams)
                .rules(pack)
                .policy(judgement.policy())
                .registryListener(new RegistryMessages(streams.err(), progress, options.debug()))
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
          if (judgement.areForAllRuntimes()) {
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
    ScanListener listener = options.debug() ? new DebugListener(progress, streams.err()) : progress;
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

  private static final class DaemonThread extends Thread {
    DaemonThread(Runnable task) {
      super(task, "scan");
      setDaemon(true);
    }
  }
}
