package dev.imgcompat.core.export;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.export.Placements.Placement;
import dev.imgcompat.core.export.Selection.Judged;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Where a router should start one image, by the same rules as lists have.
 *
 * @param executor that starts it
 * @param annotations of its pod which give the guest the parameters that it needs, whichever
 *     executor that is; empty where it needs none, or none helps
 */
public record RouterHint(String executor, SortedMap<String, String> annotations) {
  public RouterHint {
    requireNonNull(executor, "executor is null");
    annotations = new TreeMap<>(annotations);
  }

  /**
   * Returns the hint for an image and the verdict that counts.
   *
   * @throws ExportException if a parameter is none
   */
  public static RouterHint of(ImageReport image, Verdict verdict, ExportOptions options)
      throws ExportException {
    RouterSetup router = options.router();
    boolean byParameters = router.parameters() != RouterSetup.Parameters.NONE;
    Judged judged = new Judged(image, verdict);
    Placement placement = Placements.place(judged, options, byParameters);
    SortedSet<String> parameters = Placements.parameters(judged, options);
    SortedMap<String, String> annotations = new TreeMap<>();
    if (!parameters.isEmpty()) {
      annotations.putAll(KataAnnotation.of(ParameterSet.of(parameters, image.reference())));
    }
    return new RouterHint(
        switch (placement.place()) {
          case RUNS -> router.executor();
          case EXCLUDED -> router.fallback();
          case WITH_PARAMS -> placement.parameters().orElseThrow().executor(router);
        },
        annotations);
  }
}
