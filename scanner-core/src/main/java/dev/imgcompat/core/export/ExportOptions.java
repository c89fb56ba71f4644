package dev.imgcompat.core.export;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.image.PlatformRequest;
import java.util.Optional;

/**
 * How decisions become lists. Immutable.
 *
 * @param runtime whose verdicts count; may be empty where the reports have verdicts for one only
 * @param platforms which images count of a reference that was scanned for several platforms
 * @param excludeUnknown whether images that could not be scanned are kept away
 * @param guestHasParams whether the guests have the parameters that images need
 * @param withAdvice whether parameters of advice count, too
 * @param router what the router's configuration calls things
 * @param guests what the cluster calls its virtual machines, and what they have
 */
public record ExportOptions(
    Optional<String> runtime,
    PlatformRequest platforms,
    boolean excludeUnknown,
    boolean guestHasParams,
    boolean withAdvice,
    RouterSetup router,
    GuestSetup guests) {
  /** Options that belong together. */
  public enum Part {
    /** Which decisions keep an image away. */
    DECISIONS,
    /** Whether advice counts. */
    ADVICE,
    /** How names of images are spelled. */
    NAMES,
    /** What the router calls its executors. */
    EXECUTORS,
    /** The runtime class of pods in virtual machines. */
    RUNTIME_CLASS,
    /** The runtime class of what these cannot run. */
    FALLBACK_CLASS,
    /** Nodes that have the runtime. */
    NODES,
    /** Kata's own configuration. */
    HYPERVISOR
  }

  /** What holds unless something else is asked for. */
  public static final ExportOptions DEFAULT =
      new ExportOptions(
          Optional.empty(),
          PlatformRequest.DEFAULT,
          true,
          false,
          false,
          RouterSetup.DEFAULT,
          GuestSetup.DEFAULT);

  public ExportOptions {
    requireNonNull(runtime, "runtime is null");
    requireNonNull(platforms, "platforms is null");
    requireNonNull(router, "router is null");
    requireNonNull(guests, "guests is null");
  }

  /** These options for the verdicts of one runtime. */
  public ExportOptions forRuntime(String name) {
    return new ExportOptions(
        Optional.of(name), platforms, excludeUnknown, guestHasParams, withAdvice, router, guests);
  }

  /** These options for another router. */
  public ExportOptions with(RouterSetup other) {
    return new ExportOptions(
        runtime, platforms, excludeUnknown, guestHasParams, withAdvice, other, guests);
  }

  /** These options for other guests. */
  public ExportOptions with(GuestSetup other) {
    return new ExportOptions(
        runtime, platforms, excludeUnknown, guestHasParams, withAdvice, router, other);
  }
}
