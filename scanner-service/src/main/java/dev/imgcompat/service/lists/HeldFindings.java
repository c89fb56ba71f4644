package dev.imgcompat.service.lists;

import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.ReferenceWithImage;
import dev.imgcompat.service.store.SweepStore.Hold;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What sweeps found that lists do not have yet: of one that publishes at its end nothing before
 * that, and of one that may not shrink lists nothing that would. What a lookup has found since is
 * no finding of a sweep any more. For one revision; not thread-safe.
 */
final class HeldFindings {
  private final Map<String, Hold> holds;
  private final List<String> runtimes;
  private final Map<Name, ImageReport> before;
  private final Map<String, Integer> removals = new HashMap<>();

  private record Name(String canonical, Optional<String> platform) {
    static Name of(ImageReport image) {
      return new Name(image.canonical(), image.platform());
    }
  }

  private HeldFindings(
      Map<String, Hold> holds, List<String> runtimes, Map<Name, ImageReport> before) {
    this.holds = holds;
    this.runtimes = runtimes;
    this.before = before;
  }

  /**
   * What is held.
   *
   * @param holds by plan
   * @param published the report of the newest revision
   */
  static HeldFindings of(
      Map<String, Hold> holds, List<String> runtimes, Optional<Report> published) {
    Map<Name, ImageReport> before = new HashMap<>();
    if (!holds.isEmpty()) {
      published.ifPresent(report -> report.images().forEach(i -> before.put(Name.of(i), i)));
    }
    return new HeldFindings(holds, runtimes, before);
  }

  /** What is to be published of a reference, where {@code now} would be without a hold. */
  Optional<ImageReport> instead(ReferenceWithImage found, @Nullable ImageReport now) {
    Optional<Hold> hold = found.plan().map(holds::get);
    if (hold.isEmpty()) {
      return Optional.ofNullable(now);
    }
    Optional<ImageReport> old = published(found, now);
    if (hold.get() == Hold.ALL) {
      return old;
    }
    if (old.isPresent() && takesOff(old.get(), now)) {
      if (hold.get() == Hold.UNCONFIRMED) {
        removals.merge(found.plan().orElseThrow(), 1, Integer::sum);
      }
      return old;
    }
    return Optional.ofNullable(now);
  }

  private Optional<ImageReport> published(ReferenceWithImage found, @Nullable ImageReport now) {
    String canonical = found.reference().key().canonical();
    Optional<ImageReport> same =
        now == null
            ? Optional.empty()
            : Optional.ofNullable(before.get(new Name(canonical, now.platform())));
    // One that failed had no platform, and an image may claim another than it is asked for.
    return same.or(
            () ->
                Optional.ofNullable(
                    before.get(
                        new Name(canonical, Optional.of(found.reference().key().platform())))))
        .or(() -> Optional.ofNullable(before.get(new Name(canonical, Optional.empty()))));
  }

  private boolean takesOff(ImageReport old, @Nullable ImageReport now) {
    return runtimes.stream().anyMatch(r -> isListed(old, r) && (now == null || !isListed(now, r)));
  }

  private static boolean isListed(ImageReport image, String runtime) {
    return image.verdicts().stream()
        .filter(v -> v.runtime().equals(runtime))
        .map(Verdict::decision)
        .anyMatch(d -> d == Decision.EXCLUDED || d == Decision.NEEDS_KERNEL_PARAMS);
  }

  /** Says which plans' sweeps would have taken entries off, if any. */
  Optional<String> removals() {
    return removals.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .findFirst()
        .map(
            e ->
                e.getValue()
                    + " entries stay until a whole sweep of "
                    + e.getKey()
                    + " confirms that they are to go"
                    + (removals.size() > 1
                        ? ", and " + (removals.size() - 1) + " more plans have some likewise"
                        : ""));
  }
}
