package dev.imgcompat.core.export;

import java.util.Map;

/** The annotation by which a pod gives its guest kernel parameters, as Kata Containers names it. */
final class KataAnnotation {
  static final String KERNEL_PARAMS = "io.katacontainers.config.hypervisor.kernel_params";

  private KataAnnotation() {}

  /** The annotations of a pod that needs a set of parameters. */
  static Map<String, String> of(ParameterSet set) {
    return Map.of(KERNEL_PARAMS, set.text());
  }
}
