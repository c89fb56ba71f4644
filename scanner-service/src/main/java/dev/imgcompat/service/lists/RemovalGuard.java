package dev.imgcompat.service.lists;

import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sees to it that lists do not shrink by themselves beyond a bound, be it at once or little by
 * little. An entry is an image that something proven keeps away from a runtime; that an image is no
 * longer UNKNOWN takes no entry off.
 */
final class RemovalGuard {
  private final Settings.ListSettings settings;
  private final List<String> runtimes;

  RemovalGuard(Settings.ListSettings settings, List<String> runtimes) {
    this.settings = settings;
    this.runtimes = List.copyOf(runtimes);
  }

  /** An image, as lists tell images apart. */
  private record Name(String canonical, Optional<String> platform) {
    static Name of(ImageReport image) {
      return new Name(image.canonical(), image.platform());
    }
  }

  /**
   * What may be published.
   *
   * @param report the new one; where something is held back, with what was published before in its
   *     place
   * @param removed how many entries it takes off
   * @param held why something is held back; absent if nothing is
   */
  record Passed(Report report, int removed, Optional<String> held) {}

  /**
   * Compares what was published with what is known now.
   *
   * @param already how many entries were taken off not long ago
   */
  Passed pass(Report before, Report now, long already) {
    Map<Name, ImageReport> old = byName(before);
    Map<Name, ImageReport> fresh = byName(now);
    Set<Name> gone = new HashSet<>();
    Optional<String> worst = Optional.empty();
    for (String runtime : runtimes) {
      Set<Name> entries = entries(old, runtime);
      Set<Name> removed = new HashSet<>(entries);
      removed.removeAll(entries(fresh, runtime));
      long all = removed.size() + already;
      if (!removed.isEmpty()
          && all > settings.freeRemovals()
          && all * 100 > (entries.size() + already) * settings.maxRemovals()) {
        worst =
            Optional.of(
                all
                    + " of "
                    + (entries.size() + already)
                    + " entries of the list for "
                    + runtime
                    + " would be gone"
                    + (already > 0 ? " within a day" : "")
                    + ", more than "
                    + settings.maxRemovals()
                    + "%");
      }
      gone.addAll(removed);
    }
    if (worst.isEmpty()) {
      return new Passed(now, gone.size(), worst);
    }
    // What is new on the lists must not wait for that.
    Map<Name, ImageReport> kept = new LinkedHashMap<>(fresh);
    gone.forEach(name -> kept.put(name, old.get(name)));
    List<ImageReport> images = new ArrayList<>(kept.values());
    images.sort(
        java.util.Comparator.comparing(ImageReport::canonical)
            .thenComparing(i -> i.platform().orElse("")));
    return new Passed(new Report(Report.SCHEMA_VERSION, now.tool(), images), 0, worst);
  }

  private static Map<Name, ImageReport> byName(Report report) {
    Map<Name, ImageReport> images = new HashMap<>();
    report.images().forEach(i -> images.put(Name.of(i), i));
    return images;
  }

  private static Set<Name> entries(Map<Name, ImageReport> images, String runtime) {
    Set<Name> entries = new HashSet<>();
    images.forEach(
        (name, image) -> {
          for (Verdict verdict : image.verdicts()) {
            if (verdict.runtime().equals(runtime)
                && (verdict.decision() == Decision.EXCLUDED
                    || verdict.decision() == Decision.NEEDS_KERNEL_PARAMS)) {
              entries.add(name);
            }
          }
        });
    return entries;
  }
}
