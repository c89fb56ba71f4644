package dev.imgcompat.core.export;

import dev.imgcompat.core.image.PlatformRequest;
import java.util.Optional;

/**
 * How decisions become lists.
 *
 * @param runtime whose verdicts count; may be empty where the reports have verdicts for one only
 * @param platforms which images count of a reference that was scanned for several platforms
 * @param excludeUnknown whether images that could not be scanned are kept away
 * @param guestHasParams whether the guests have the parameters that images need
 * @param withAdvice whether parameters of advice count, too
 */
public record ExportOptions(
    Optional<String> runtime,
    PlatformRequest platforms,
    boolean excludeUnknown,
    boolean guestHasParams,
    boolean withAdvice) {
  /** What holds unless something else is asked for. */
  public static final ExportOptions DEFAULT =
      new ExportOptions(Optional.empty(), PlatformRequest.DEFAULT, true, false, false);
}
