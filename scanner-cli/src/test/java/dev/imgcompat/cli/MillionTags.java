package dev.imgcompat.cli;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.sweep.SweepListener;
import dev.imgcompat.core.sweep.SweepPacing;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.plan.QuietHours;
import dev.imgcompat.core.sweep.plan.Selection;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.plan.SweepPace;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.state.FileSweepState;
import dev.imgcompat.core.verdict.Report;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sweeps a simulated registry with all outputs, in a process of its own whose memory can be
 * bounded: {@code MillionTags DIRECTORY TAGS IMAGES}.
 */
final class MillionTags {
  private MillionTags() {}

  static SweepPlan plan() {
    return new SweepPlan(
        "simulated",
        List.of(new SourceSpec.Catalog(SimulatedRegistry.HOST)),
        Selection.ALL,
        PlatformRequest.DEFAULT,
        SweepPace.DEFAULT,
        QuietHours.NONE,
        Tolerance.DEFAULT,
        Publishing.AT_END,
        Optional.empty());
  }

  /** Runs. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    SimulatedRegistry registry =
        new SimulatedRegistry(Long.parseLong(args[1]), Integer.parseInt(args[2]));
    Clock clock = Clock.systemUTC();
    List<String> runtimes = List.of(SimulatedRegistry.RUNTIME);
    try (FileSweepState state = FileSweepState.open(directory.resolve("simulated.sweep"))) {
      for (int sweep = 1; sweep <= 2; sweep++) {
        long start = System.nanoTime();
        long cpu = cpu();
        TagReports reports =
            new TagReports(state::report, runtimes, clock.instant(), Tolerance.DEFAULT.keepGone());
        List<SweepOutput> outputs =
            List.of(
                SweepFile.open(
                    directory.resolve("lines" + sweep), w -> new SweepLines(w, false, runtimes)),
                SweepFile.open(
                    directory.resolve("report" + sweep),
                    w ->
                        new SweepReport(
                            w,
                            new Report.Tool("imgcompat", "1", "sha256:" + "0".repeat(64)),
                            reports)));
        SweepRun run =
            new SweepRun(
                plan(),
                state,
                SweepRun.begin(state, "fingerprint", false, clock),
                List.of(registry),
                registry,
                new SweepPacing(SweepPace.DEFAULT, RegistryListener.NONE),
                runtimes,
                outputs,
                SweepListener.NONE,
                clock);
        SweepSummary summary = run.run();
        System.out.println(
            "sweep "
                + sweep
                + ": "
                + summary.end()
                + ", "
                + summary.progress().done()
                + " tags, "
                + registry.questions()
                + " questions, "
                + registry.scans()
                + " scans, "
                + (System.nanoTime() - start) / 1_000_000
                + " ms, of which "
                + (cpu() - cpu) / 1_000_000
                + " ms on a processor");
      }
    }
  }

  private static long cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }
}
