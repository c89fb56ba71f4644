package dev.imgcompat.core;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.rules.Target;
import java.util.List;

/**
 * What is asked of a scan, besides the reference.
 *
 * @param platforms which images of an index
 * @param targets for which to judge
 * @param listElf whether the report lists every ELF file
 */
public record ScanRequest(PlatformRequest platforms, List<Target> targets, boolean listElf) {
  public ScanRequest {
    targets = List.copyOf(targets);
  }
}
