package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.RouterTrap.Severity;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds what Screwdriver's executor router takes for something else than the author of its
 * configuration. Every trap was seen with the router 5.0.0 and node-config 3. Safe for use by
 * several threads.
 */
public final class RouterLint {
  /** More than anybody reads. */
  private static final int MAX_TRAPS = 10_000;

  private RouterLint() {}

  /** Returns the traps in a configuration, in the order of its files and lines. */
  public static List<RouterTrap> of(RouterConfig config) {
    Traps traps = new Traps();
    if (RootTraps.find(config, traps)) {
      KeyTraps.find(config, traps);
      ListTraps.find(config, traps);
      WeightTraps.find(config, traps);
      DefaultTraps.find(config, traps);
      ModuleTraps.find(config, traps);
      InstanceTraps.find(config, traps);
      LayerTraps.find(config, traps);
    }
    List<RouterTrap> sorted = traps.sorted(config.files());
    return sorted.size() <= MAX_TRAPS
        ? sorted
        : Stream.concat(
                sorted.stream().limit(MAX_TRAPS),
                Stream.of(
                    new RouterTrap(
                        sorted.get(MAX_TRAPS).file(),
                        sorted.get(MAX_TRAPS).line(),
                        worst(sorted.subList(MAX_TRAPS, sorted.size())),
                        "more-traps",
                        "from here on there are "
                            + (sorted.size() - MAX_TRAPS)
                            + " more: mend these first")))
            .toList();
  }

  private static Severity worst(List<RouterTrap> traps) {
    return traps.stream().map(RouterTrap::severity).min(Comparator.naturalOrder()).orElseThrow();
  }
}
