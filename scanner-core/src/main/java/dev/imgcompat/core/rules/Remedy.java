package dev.imgcompat.core.rules;

import java.util.List;
import java.util.Optional;

/**
 * What would make the image run.
 *
 * @param kernelParams to add to the guest's command line; empty where none helps
 * @param holdsFor the versions of the runtime for which this helps
 * @param text what helps, or more on the parameters
 */
public record Remedy(List<String> kernelParams, Optional<String> holdsFor, Optional<String> text) {
  public Remedy {
    kernelParams = List.copyOf(kernelParams);
  }
}
