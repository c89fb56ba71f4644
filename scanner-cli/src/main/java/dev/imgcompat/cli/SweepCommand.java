package dev.imgcompat.cli;

import dev.imgcompat.core.ScanRequest;
import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.SweepInspector;
import dev.imgcompat.core.config.Configuration;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.core.sweep.SweepListener;
import dev.imgcompat.core.sweep.SweepPacing;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.source.ReferenceSource;
import dev.imgcompat.core.sweep.source.ReferenceSources;
import dev.imgcompat.core.sweep.state.FileSweepState;
import dev.imgcompat.core.verdict.Decision;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code imgcompat sweep}. */
@Command(
    name = "sweep",
    description = {
      "Scans everything in registries, or in parts of them, and remembers it:",
      "the next sweep asks one question a tag, and reads only layers that it does not know."
    },
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class,
    footerHeading = "%nExit codes:%n",
    footer = {
      "    0  nothing is at or above --fail-on",
      "    1  a defect of this program",
      "    2  wrong usage",
      "    3  something is at or above --fail-on",
      "    4  something could not be listed or scanned; the rest is still reported",
      "  130  interrupted; the same command goes on from there"
    })
final class SweepCommand implements Callable<Integer> {
  /** A broken layer of one image is that of all others that have it, but not for ever. */
  private static final Duration BROKEN_FOR = Duration.ofHours(1);

  @ParentCommand private ImgcompatCommand parent;
  @Mixin private SourceOptions sources;
  @Mixin private PlanOptions planOptions;
  @Mixin private ScannerOptions options;
  @Mixin private JudgementOptions judgement;
  @Mixin private SweepOutputs outputOptions;

  @Option(
      names = "--plan",
      paramLabel = "FILE[#NAME]",
      description = "Takes from a file of plans (YAML) whatever no option says.")
  private @Nullable String planFile;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "Of what is remembered from sweep to sweep (default: that of the plan, or one that"
              + " follows from the sources).")
  private @Nullable String name;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where that is kept (default: $XDG_STATE_HOME/imgcompat/sweeps).")
  private @Nullable Path stateDirectory;

  @Option(names = "--restart", description = "Does not resume a sweep that was interrupted.")
  private boolean restart;

  @Override
  public Integer call() throws UsageException, InterruptedException {
    Streams streams = parent.streams();
    Optional<Decision> threshold = judgement.threshold();
    SweepPlan plan =
        PlannedSweep.of(
            sources.specs(),
            Optional.ofNullable(planFile),
            Optional.ofNullable(name),
            planOptions,
            judgement.platforms());
    Configuration configuration = options.configuration(streams);
    Optional<GivenLogin> login =
        options.login(
            SweptRegistries.of(plan.sources()), SweptRegistries.takeStandardInput(plan), streams);
    RulePack pack = judgement.pack();
    List<Target> targets = judgement.targets(pack);
    FactStore store = options.store(streams);
    try (SweepDisplay display =
            SweepDisplay.create(
                !options.noProgress() && !outputOptions.fillTheTerminal(streams),
                streams.animated(),
                streams.err(),
                Integer.getInteger("imgcompat.terminal.columns", 80));
        FileSweepState state = state(plan, streams)) {
      RegistryMessages messages = RegistryMessages.ofSweep(streams.err(), display, options.debug());
      SweepPacing pacing = new SweepPacing(plan.pace(), messages);
      try (Scanner scanner =
          options
              .scanner(configuration, login, store, streams)
              .rules(pack)
              .policy(judgement.policy())
              .registryListener(pacing)
              .pace(plan.pace())
              .rememberBroken(BROKEN_FOR)
              .build()) {
        return sweep(
            new Parts(plan, scanner, pacing, state, display, messages, store, streams),
            targets,
            threshold);
      }
    }
  }

  /** What a sweep is put together from. */
  private record Parts(
      SweepPlan plan,
      Scanner scanner,
      SweepPacing pacing,
      FileSweepState state,
      SweepDisplay display,
      RegistryMessages messages,
      FactStore store,
      Streams streams) {}

  private int sweep(Parts parts, List<Target> targets, Optional<Decision> threshold)
      throws UsageException, InterruptedException {
    SweepPlan plan = parts.plan();
    List<String> runtimes = targets.stream().map(Target::name).toList();
    Clock clock = Clock.systemUTC();
    SweepInspector inspector =
        new SweepInspector(parts.scanner(), new ScanRequest(plan.platforms(), targets, false));
    List<ReferenceSource> listed = sources(plan, parts.scanner(), parts.streams());
    SweepVerdict verdict = new SweepVerdict(threshold);
    List<SweepOutput> outputs =
        outputOptions.open(
            runtimes,
            parts.scanner().tool(),
            new TagReports(
                parts.state()::report, runtimes, clock.instant(), plan.tolerance().keepGone()),
            parts.streams());
    outputs.add(verdict);
    // Before anything is written where it is drawn.
    outputs.add(0, summary -> parts.display().finish());
    try {
      SweepRun.Begun begun =
          SweepRun.begin(
              parts.state(), SweepIdentity.fingerprint(plan, inspector.basis()), restart, clock);
      begun.note().ifPresent(note -> parts.messages().note(note));
      SweepRun run =
          new SweepRun(
              plan,
              parts.state(),
              begun,
              listed,
              inspector,
              parts.pacing(),
              runtimes,
              outputs,
              new SweepListener() {
                @Override
                public void warning(String what) {
                  parts.messages().warning(what);
                }
              },
              clock);
      return run(run, parts, verdict);
    } catch (IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Of a full disk, for one, the state does not tell in another way.
      throw ofDisk(e).orElseThrow(() -> e);
    } finally {
      SweepOutputs.close(outputs);
      listed.forEach(ReferenceSource::close);
    }
  }

  private static Optional<UsageException> ofDisk(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return Optional.of(
            new UsageException(
                "what the sweep found could not be kept: "
                    + WholeFile.reason(io)
                    + "; the same command goes on from there"));
      }
    }
    return Optional.empty();
  }

  private int run(SweepRun run, Parts parts, SweepVerdict verdict)
      throws IOException, InterruptedException {
    SweepInterrupt interrupt =
        new SweepInterrupt(run, parts.state(), parts.store(), parts.display(), parts.streams());
    OnInterrupt hook = OnInterrupt.run(interrupt::interrupted);
    parts.display().show(run::progress);
    try {
      SweepSummary summary = run.run();
      parts.display().finish();
      if (summary.end() == End.CANCELLED) {
        interrupt.say();
        return ExitCode.INTERRUPTED;
      }
      return verdict.exitCode(summary);
    } finally {
      interrupt.ended();
      hook.remove();
    }
  }

  private FileSweepState state(SweepPlan plan, Streams streams) throws UsageException {
    Path file = SweepIdentity.file(Optional.ofNullable(stateDirectory), plan.name(), streams);
    try {
      return FileSweepState.open(file);
    } catch (FileSystemException e) {
      throw new UsageException(file + " cannot be used: " + WholeFile.reason(e));
    } catch (IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static List<ReferenceSource> sources(SweepPlan plan, Scanner scanner, Streams streams)
      throws UsageException {
    List<ReferenceSource> sources = new ArrayList<>();
    try {
      for (SourceSpec spec : plan.sources()) {
        sources.add(ReferenceSources.of(spec, scanner.listings(), streams.in()));
      }
      return sources;
    } catch (ScanException e) {
      sources.forEach(ReferenceSource::close);
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
