package dev.imgcompat.cli;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.sweep.plan.QuietHours;
import dev.imgcompat.core.sweep.plan.Selection;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.plan.SweepPace;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.plan.SweepPlanException;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes one plan of options and a file of plans. */
final class PlannedSweep {
  private PlannedSweep() {}

  /**
   * Makes a plan.
   *
   * @param sources that options name, in the place of those of the file; none if empty
   * @param file of plans, and which of them
   * @param name in the place of that of the file, or of one that follows from the sources
   * @param options whatever else they say
   * @param platforms that were asked for
   */
  static SweepPlan of(
      List<SourceSpec> sources,
      Optional<String> file,
      Optional<String> name,
      PlanOptions options,
      Optional<PlatformRequest> platforms)
      throws UsageException {
    Optional<SweepPlan> kept = file.isPresent() ? Optional.of(read(file.get())) : Optional.empty();
    List<SourceSpec> wanted =
        sources.isEmpty() ? kept.map(SweepPlan::sources).orElse(List.of()) : sources;
    if (wanted.isEmpty()) {
      throw new UsageException(
          "nothing is named to sweep: give --registry, --harbor, --quay, --repository, --from-file,"
              + " --plan or references");
    }
    if (wanted.stream().anyMatch(SourceSpec.Kubernetes.class::isInstance)) {
      throw new UsageException(
          "only the service sweeps what runs in a cluster: kubernetes is no source here");
    }
    String called =
        name.or(() -> kept.map(SweepPlan::name)).orElseGet(() -> SweepIdentity.name(wanted));
    SweepPlan base =
        kept.orElseGet(
            () ->
                new SweepPlan(
                    called,
                    wanted,
                    Selection.ALL,
                    PlatformRequest.DEFAULT,
                    SweepPace.DEFAULT,
                    QuietHours.NONE,
                    Tolerance.DEFAULT,
                    Publishing.AT_END,
                    Optional.empty()));
    return options.over(
        new SweepPlan(
            called,
            wanted,
            base.selection(),
            platforms.orElse(base.platforms()),
            base.pace(),
            base.quietHours(),
            base.tolerance(),
            base.publishing(),
            base.schedule()));
  }

  /** Reads {@code FILE[#NAME]}. */
  private static SweepPlan read(String text) throws UsageException {
    int mark = text.lastIndexOf('#');
    String file = mark < 0 ? text : text.substring(0, mark);
    List<SweepPlan> plans;
    try {
      plans = SweepPlanFile.read(Path.of(file));
    } catch (SweepPlanException | InvalidPathException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    if (mark < 0 && plans.size() == 1) {
      return plans.get(0);
    }
    String name = text.substring(mark + 1);
    return plans.stream()
        .filter(plan -> mark >= 0 && plan.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    file
                        + (mark < 0
                            ? " has several plans: write #NAME after it, which is one of "
                            : " has no plan '" + name + "': there are ")
                        + plans.stream().map(SweepPlan::name).collect(Collectors.joining(", "))));
  }
}
