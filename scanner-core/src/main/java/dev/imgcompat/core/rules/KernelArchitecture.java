package dev.imgcompat.core.rules;

import java.util.Arrays;
import java.util.Map;

/** The architectures of guest kernels that profiles can be made for. */
enum KernelArchitecture {
  X86_64("CONFIG_X86_64", "x86-64"),
  ARM64("CONFIG_ARM64", "arm64"),
  S390("CONFIG_S390", "s390x");

  private final String option;
  private final String title;

  KernelArchitecture(String option, String title) {
    this.option = option;
    this.title = title;
  }

  String title() {
    return title;
  }

  static KernelArchitecture of(Map<String, String> options) throws KernelConfigException {
    return Arrays.stream(values())
        .filter(a -> "y".equals(options.get(a.option.substring("CONFIG_".length()))))
        .findFirst()
        .orElseThrow(
            () ->
                new KernelConfigException(
                    "a kernel configuration of another architecture, or only a part of one: it has"
                        + " none of CONFIG_X86_64=y, CONFIG_ARM64=y and CONFIG_S390=y"));
  }
}
