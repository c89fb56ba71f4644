package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Place;
import java.util.Optional;

/** Traps of the default executor, which no list of exclusions is asked about. */
final class DefaultTraps {
  private DefaultTraps() {}

  static void find(RouterConfig config, Traps traps) {
    Place place =
        config
            .plugin()
            .map(ConfigValue.Member::place)
            .orElseGet(() -> config.executor().orElseThrow().place());
    boolean isSet = config.plugin().filter(p -> !p.value().isFalsy()).isPresent();
    if (!isSet && (config.isWhole() || config.plugin().isPresent())) {
      traps.warning(
          place,
          "default-missing",
          "no default executor is set; the router takes the first one"
              + config.defaultName().map(n -> ", " + Quoted.of(n)).orElse("")
              + ": write 'plugin' and the name of the executor that is to run excluded images");
    }
    if (isSet && !isThere(config)) {
      traps.error(
          place,
          "default-undefined",
          "the default "
              + config.defaultName().map(Quoted::of).orElse("")
              + " is no executor of these files; a build that is drawn to none does not start: write"
              + " the name of one that is");
    }
    config.defaultExecutor().ifPresent(e -> excluded(e, config, place, traps));
  }

  private static boolean isThere(RouterConfig config) {
    Optional<String> name = config.defaultName();
    return config.defaultExecutor().isPresent()
        || (!config.isWhole() && name.filter(Shipped.EXECUTORS::contains).isPresent());
  }

  private static void excluded(
      RouterExecutor executor, RouterConfig config, Place place, Traps traps) {
    if (executor.patterns().isEmpty() || executor.isForSomeImagesOnly()) {
      return;
    }
    boolean othersDrawn =
        config.executors().stream()
            .anyMatch(
                e ->
                    !e.key().equals(executor.key())
                        && e.weight().isPositive()
                        && !e.isForSomeImagesOnly());
    if (othersDrawn) {
      traps.warning(
          place,
          "default-with-exclusions",
          "the default "
              + executor.quoted()
              + " has 'exclusions', by which nobody asks when it is the default: images that others"
              + " exclude as well run on it: make the executor the default that can run every image");
    } else {
      traps.error(
          place,
          "default-excluded",
          "the default "
              + executor.quoted()
              + " has 'exclusions', and no other executor has a weight; an image that is excluded"
              + " runs on it all the same, since it is the default: make the executor the default"
              + " that can run every image");
    }
  }
}
