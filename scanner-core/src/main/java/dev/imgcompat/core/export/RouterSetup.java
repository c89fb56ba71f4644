package dev.imgcompat.core.export;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.access.RegistryName;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a router's configuration calls things. Immutable.
 *
 * @param defaultRegistry what the cluster takes names without a registry from; Docker Hub if absent
 * @param executor that starts builds in the runtime
 * @param fallback the executor for what the runtime cannot run
 * @param parameters how images that need kernel parameters get them
 */
public record RouterSetup(
    Optional<String> defaultRegistry, String executor, String fallback, Parameters parameters) {
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
      new RouterSetup(Optional.empty(), "k8s", "k8s-vm", Parameters.NONE);

  /**
   * Checks what people wrote.
   *
   * @throws IllegalArgumentException if one of the names is none
   */
  public RouterSetup {
    requireNonNull(parameters, "parameters is null");
    for (String name : new String[] {executor, fallback}) {
      if (!EXECUTOR.matcher(name).matches()) {
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
