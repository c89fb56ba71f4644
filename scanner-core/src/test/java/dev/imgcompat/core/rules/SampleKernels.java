package dev.imgcompat.core.rules;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The lines that matter of kernel configurations: those of Debian, Firecracker and WSL 2 are as
 * published, those of RHEL, CentOS and Kata in their manner.
 */
final class SampleKernels {
  /** Writes a configuration: {@code X=y} sets an option, {@code !X} says that it is off. */
  static String config(String version, String... options) {
    StringBuilder text = new StringBuilder("#\n# Automatically generated file; DO NOT EDIT.\n");
    if (!version.isEmpty()) {
      text.append("# Linux/x86 ").append(version).append(" Kernel Configuration\n");
    }
    text.append("#\nCONFIG_CC_IS_GCC=y\n\n#\n# General setup\n#\n");
    for (String option : options) {
      text.append(
          option.startsWith("!")
              ? "# CONFIG_" + option.substring(1) + " is not set\n"
              : "CONFIG_" + option + "\n");
    }
    return text.toString();
  }

  static String x86(String version, String... options) {
    return config(
        version,
        Stream.concat(Stream.of("64BIT=y", "X86_64=y", "X86=y"), Arrays.stream(options))
            .toArray(String[]::new));
  }

  static final String DEBIAN_6_1 =
      x86(
          "6.1.192",
          "!EXPERT",
          "UID16=y",
          "X86_VSYSCALL_EMULATION=y",
          "!LEGACY_VSYSCALL_XONLY",
          "LEGACY_VSYSCALL_NONE=y",
          "!CMDLINE_BOOL",
          "IA32_EMULATION=y",
          "X86_X32_ABI=y",
          "X86_X32_DISABLED=y",
          "COMPAT_32=y",
          "COMPAT=y",
          "COMPAT_32BIT_TIME=y",
          "MODULES=y");

  static final String DEBIAN_6_12 =
      DEBIAN_6_1
          .replace("6.1.192", "6.12.117")
          .replace(
              "CONFIG_IA32_EMULATION=y\n",
              "CONFIG_IA32_EMULATION=y\n# CONFIG_IA32_EMULATION_DEFAULT_DISABLED is not set\n");

  static final String RHEL_9 =
      x86(
          "5.14.0-503.11.1.el9_5.x86_64",
          "UID16=y",
          "X86_VSYSCALL_EMULATION=y",
          "!LEGACY_VSYSCALL_EMULATE",
          "LEGACY_VSYSCALL_XONLY=y",
          "!LEGACY_VSYSCALL_NONE",
          "!CMDLINE_BOOL",
          "IA32_EMULATION=y",
          "!IA32_EMULATION_DEFAULT_DISABLED",
          "!X86_X32_ABI",
          "COMPAT=y",
          "COMPAT_32BIT_TIME=y",
          "MODULES=y");

  static final String KATA_6_12 =
      x86(
          "6.12.47",
          "!EXPERT",
          "X86_VSYSCALL_EMULATION=y",
          "!LEGACY_VSYSCALL_XONLY",
          "LEGACY_VSYSCALL_NONE=y",
          "!CMDLINE_BOOL",
          "!IA32_EMULATION",
          "!X86_X32_ABI",
          "!MODULES");

  static final String KATA_6_18 =
      x86(
          "6.18.5",
          "EXPERT=y",
          "!X86_VSYSCALL_EMULATION",
          "!CMDLINE_BOOL",
          "!IA32_EMULATION",
          "!X86_X32_ABI",
          "!MODULES");

  static final String FIRECRACKER_5_10 =
      x86(
          "5.10.252-285.992.amzn2.x86_64",
          "UID16=y",
          "X86_VSYSCALL_EMULATION=y",
          "LEGACY_VSYSCALL_EMULATE=y",
          "!LEGACY_VSYSCALL_XONLY",
          "!LEGACY_VSYSCALL_NONE",
          "!CMDLINE_BOOL",
          "IA32_EMULATION=y",
          "!X86_X32",
          "COMPAT=y",
          "COMPAT_32BIT_TIME=y",
          "!MODULES");

  static final String FIRECRACKER_6_18 =
      x86(
          "6.18.39-79.141.amzn2023.x86_64.microvm",
          "UID16=y",
          "X86_VSYSCALL_EMULATION=y",
          "LEGACY_VSYSCALL_XONLY=y",
          "!LEGACY_VSYSCALL_NONE",
          "!CMDLINE_BOOL",
          "IA32_EMULATION=y",
          "!IA32_EMULATION_DEFAULT_DISABLED",
          "!X86_X32_ABI",
          "COMPAT_32BIT_TIME=y",
          "MODULES=y");

  /** The first one of WSL 2: 16-bit user ids are off in it. */
  static final String WSL2 =
      x86(
          "4.19.59",
          "EXPERT=y",
          "!UID16",
          "X86_VSYSCALL_EMULATION=y",
          "!LEGACY_VSYSCALL_EMULATE",
          "LEGACY_VSYSCALL_NONE=y",
          "!CMDLINE_BOOL",
          "IA32_EMULATION=y",
          "X86_X32=y",
          "COMPAT=y",
          "COMPAT_32BIT_TIME=y",
          "MODULES=y");

  static final String CENTOS_6 =
      x86("2.6.32", "IA32_EMULATION=y", "!IA32_AOUT", "COMPAT=y", "MODULES=y")
          .replace("# Linux/x86 2.6.32 Kernel Configuration", "# Linux kernel version: 2.6.32");

  private SampleKernels() {}
}
