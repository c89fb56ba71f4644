package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What counts of some reports: for every image its newest verdict for one runtime.
 *
 * @param runtime whose verdicts these are
 * @param versions of the program that gave them
 * @param rules digests of the rule packs that gave them
 * @param newestScan of all that counts; empty where nothing does
 * @param images ordered by reference, then by platform
 * @param others images of other platforms, which builds can only name by digest
 * @param leftOut how many references have no image for the platform that is asked for
 */
record Selection(
    String runtime,
    Set<String> versions,
    Set<String> rules,
    Optional<String> newestScan,
    List<Judged> images,
    List<Judged> others,
    int leftOut) {

  /** What is taken where the reports have no verdict. */
  private static final String ASSUMED = "kata";

  /** An image and the verdict that counts. */
  record Judged(ImageReport image, Verdict verdict) {}

  static Selection of(Collection<Report> reports, ExportOptions options) throws ExportException {
    String runtime = runtime(reports, options);
    Map<String, Map<String, Judged>> newest = new TreeMap<>();
    Set<String> versions = new TreeSet<>();
    Set<String> rules = new TreeSet<>();
    for (Report report : reports) {
      versions.add(report.tool().version());
      rules.add(report.tool().rules());
      for (ImageReport image : report.images()) {
        Verdict verdict =
            image.verdicts().stream()
                .filter(v -> v.runtime().equals(runtime))
                .findFirst()
                .orElseThrow(
                    () ->
                        new ExportException(
                            "the report on "
                                + image.reference()
                                + " has no verdict for "
                                + runtime
                                + "; scan it with --runtime "
                                + runtime));
        newest
            .computeIfAbsent(image.canonical(), k -> new TreeMap<>())
            .merge(image.platform().orElse(""), new Judged(image, verdict), Selection::prevailing);
      }
    }
    List<Judged> selected = new ArrayList<>();
    List<Judged> others = new ArrayList<>();
    int leftOut = 0;
    for (Map<String, Judged> platforms : newest.values()) {
      Collection<Judged> wanted = wanted(platforms, options);
      selected.addAll(wanted);
      leftOut += wanted.isEmpty() ? 1 : 0;
      platforms.values().stream().filter(j -> !wanted.contains(j)).forEach(others::add);
    }
    Optional<String> newestScan =
        selected.stream().map(j -> j.image().scannedAt()).max(String::compareTo);
    return new Selection(
        runtime, versions, rules, newestScan, List.copyOf(selected), List.copyOf(others), leftOut);
  }

  /** How many images have each decision. */
  Map<Decision, Long> counts() {
    Map<Decision, Long> counts = new EnumMap<>(Decision.class);
    for (Decision decision : Decision.values()) {
      counts.put(decision, images.stream().filter(j -> j.verdict().decision() == decision).count());
    }
    return counts;
  }

  /** Each remedy by parameters that counts, with the versions for which it holds; ordered. */
  static SortedSet<String> holdsFor(List<Judged> images, ExportOptions options) {
    SortedSet<String> all = new TreeSet<>();
    for (Judged judged : images) {
      for (Finding finding : Placements.wanting(judged, options)) {
        for (Remedy remedy : finding.remedies()) {
          if (!remedy.kernelParams().isEmpty()) {
            remedy
                .holdsFor()
                .ifPresent(v -> all.add(String.join(" ", remedy.kernelParams()) + ": " + v));
          }
        }
      }
    }
    return all;
  }

  /** Whether what helps depends on a version of the runtime. */
  boolean dependsOnVersion() {
    return runtime.equals(ASSUMED)
        || images.stream()
            .flatMap(j -> j.verdict().findings().stream())
            .flatMap(f -> f.remedies().stream())
            .filter(r -> !r.kernelParams().isEmpty())
            .anyMatch(r -> r.holdsFor().filter(v -> !v.equals(runtime)).isPresent());
  }

  private static String runtime(Collection<Report> reports, ExportOptions options)
      throws ExportException {
    if (options.runtime().isPresent()) {
      return options.runtime().get();
    }
    Set<String> runtimes = new TreeSet<>();
    reports.forEach(
        r -> r.images().forEach(i -> i.verdicts().forEach(v -> runtimes.add(v.runtime()))));
    if (runtimes.size() > 1) {
      throw new ExportException(
          "the reports have verdicts for several runtimes, "
              + String.join(", ", runtimes)
              + ": choose one with --runtime");
    }
    return runtimes.stream().findFirst().orElse(ASSUMED);
  }

  /** The newer one; of one scan, where an index has two images of a platform, the worse one. */
  private static Judged prevailing(Judged a, Judged b) {
    int order = a.image().scannedAt().compareTo(b.image().scannedAt());
    if (order == 0) {
      order = a.verdict().decision().compareTo(b.verdict().decision());
    }
    return order > 0 ? a : b;
  }

  /**
   * What counts of one reference: its images for the platforms that are asked for, or a failure,
   * which has no platform, unless an image was resolved since. What was proven stays proven while
   * nothing newer is known.
   */
  private static Collection<Judged> wanted(Map<String, Judged> platforms, ExportOptions options) {
    Map<String, Judged> resolved = new TreeMap<>(platforms);
    Judged failed = resolved.remove("");
    Collection<Judged> chosen = chosen(resolved, options);
    if (failed == null
        || resolved.values().stream()
            .anyMatch(j -> j.image().scannedAt().compareTo(failed.image().scannedAt()) > 0)) {
      return chosen;
    }
    List<Judged> proven =
        chosen.stream()
            .filter(
                j ->
                    j.verdict().decision() == Decision.EXCLUDED
                        || j.verdict().decision() == Decision.NEEDS_KERNEL_PARAMS)
            .toList();
    return proven.isEmpty() ? List.of(failed) : proven;
  }

  private static Collection<Judged> chosen(Map<String, Judged> resolved, ExportOptions options) {
    Optional<Platform> wanted = options.platforms().wanted();
    boolean explicit = options.platforms().explicit();
    if (wanted.isEmpty() || !(explicit || resolved.size() > 1)) {
      return resolved.values();
    }
    List<Judged> matching =
        resolved.entrySet().stream()
            .filter(e -> isFor(wanted.get(), e.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    return matching.isEmpty() && !explicit ? resolved.values() : matching;
  }

  /** What an image says of its platform is its author's text, and need not be one. */
  private static boolean isFor(Platform wanted, String text) {
    try {
      return wanted.accepts(Platform.parse(text));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
