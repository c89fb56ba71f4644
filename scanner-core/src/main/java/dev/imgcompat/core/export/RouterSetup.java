package dev.imgcompat.core.export;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.access.RegistryName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a router's configuration calls things. Immutable.
 *
 * @param defaultRegistry what the cluster takes names without a registry from; Docker Hub if absent
 * @param executor that starts builds in the runtime
 * @param plugin the module of that executor, where another file does not say it and its name is not
 *     it
 * @param fallback the executor for what the runtime cannot run
 * @param fallbackPlugin the module of the fallback, likewise
 * @param parameters how images that need kernel parameters get them
 */
public record RouterSetup(
    Optional<String> defaultRegistry,
    String executor,
    Optional<String> plugin,
    String fallback,
    Optional<String> fallbackPlugin,
    Parameters parameters) {
  /** How images that need kernel parameters get them. */
  public enum Parameters {
    /** They go to the fallback. */
    NONE,
    /** An executor of their own annotates their pods. */
    ANNOTATION,
    /** An executor of their own gives their pods a runtime class of their own. */
    RUNTIME_CLASS
  }

  private static final Pattern EXECUTOR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");

  /** As Screwdriver's queue worker ships. */
  public static final RouterSetup DEFAULT =
      new RouterSetup(
          Optional.empty(), "k8s", Optional.empty(), "k8s-vm", Optional.empty(), Parameters.NONE);

  /**
   * Checks what people wrote.
   *
   * @throws IllegalArgumentException if one of the names is none
   */
  public RouterSetup {
    requireNonNull(parameters, "parameters is null");
    for (String name :
        List.of(executor, fallback, plugin.orElse(executor), fallbackPlugin.orElse(fallback))) {
      if (!EXECUTOR.matcher(name).matches() || name.equals("plugin")) {
        throw new IllegalArgumentException("'" + name + "' is not the name of an executor");
      }
    }
    if (executor.equals(fallback)) {
      throw new IllegalArgumentException(
          "the fallback is '"
              + fallback
              + "', too: name the executor that takes what '"
              + executor
              + "' cannot run");
    }
    defaultRegistry = defaultRegistry.map(RegistryName::canonical);
    if (defaultRegistry.filter(r -> !RegistryName.isOne(r)).isPresent()) {
      throw new IllegalArgumentException(
          "'" + defaultRegistry.get() + "' is not a registry: write HOST or HOST:PORT");
    }
  }
}
