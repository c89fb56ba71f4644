package dev.imgcompat.core.rules;

import dev.imgcompat.core.rootfs.Versions;
import dev.imgcompat.core.rules.KernelCommandLine.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What follows from the configuration and the command line of a kernel. The options are those of
 * arch/x86/Kconfig, arch/arm64/Kconfig, arch/s390/Kconfig and arch/Kconfig, the parameters those of
 * Documentation/admin-guide/kernel-parameters.txt; X86_X32_DISABLED and syscall.x32 are Debian's.
 */
final class KernelCapabilities {
  private static final String IA32_KERNEL =
      "a guest kernel built with CONFIG_IA32_EMULATION, CONFIG_X86_VSYSCALL_EMULATION,"
          + " CONFIG_COMPAT_32BIT_TIME and CONFIG_UID16, or another executor";
  private static final String COMPAT_KERNEL =
      "a guest kernel built with CONFIG_COMPAT, or another executor";
  private static final String OTHER = "another executor";

  private final KernelConfig config;
  private final KernelArchitecture architecture;
  private final Optional<String> version;
  private final KernelCommandLine commandLine;
  private final Map<String, Parameter> honoured = new LinkedHashMap<>();
  private final Map<String, List<Span>> spans = new LinkedHashMap<>();

  KernelCapabilities(
      KernelConfig config,
      KernelArchitecture architecture,
      Optional<String> version,
      KernelCommandLine commandLine) {
    this.config = config;
    this.architecture = architecture;
    this.version = version;
    this.commandLine = commandLine;
    boolean x86 = architecture == KernelArchitecture.X86_64;
    put("ia32", x86 ? ia32() : foreign());
    put("x32", x86 ? x32() : foreign());
    put("aarch32", architecture == KernelArchitecture.ARM64 ? compat() : foreign());
    put("vsyscall", x86 ? vsyscall() : foreign());
    put(
        "bounded-nofile",
        available("no kernel configuration tells it: the runtime sets the limit of descriptors"));
    put("s390-31", architecture == KernelArchitecture.S390 ? compat() : foreign());
    put(
        "kernel-modules",
        config.on("MODULES")
            ? available("CONFIG_MODULES; the modules must be in the guest image, too")
            : lacks(
                "CONFIG_MODULES is not set",
                "a guest kernel with what the module offers built in, or another executor"));
  }

  /** The spans of each capability that the kernel decides on. */
  Map<String, List<Span>> spans() {
    return spans;
  }

  /** The parameters on the command line that this kernel obeys, the last of each name. */
  List<String> honoured() {
    return honoured.values().stream().map(Parameter::toString).toList();
  }

  private void put(String capability, Span span) {
    spans.put(capability, List.of(span));
  }

  private Span ia32() {
    if (!config.on("IA32_EMULATION")) {
      return lacks("CONFIG_IA32_EMULATION is not set", IA32_KERNEL);
    }
    if (config.off("COMPAT_32BIT_TIME")) {
      return lacks(
          "CONFIG_COMPAT_32BIT_TIME is not set: 32-bit programs lose the system calls with 32-bit"
              + " times",
          IA32_KERNEL);
    }
    if (config.off("UID16")) {
      return lacks(
          "CONFIG_UID16 is not set: 32-bit programs lose the system calls with 16-bit user ids",
          IA32_KERNEL);
    }
    boolean disabled = config.on("IA32_EMULATION_DEFAULT_DISABLED");
    boolean switchable = config.mentions("IA32_EMULATION_DEFAULT_DISABLED") || atLeast("6.7");
    Optional<Parameter> asked = last("ia32_emulation", p -> switchable && p.flag().isPresent());
    return switched(
        asked.flatMap(Parameter::flag).orElse(!disabled),
        asked,
        "CONFIG_IA32_EMULATION_DEFAULT_DISABLED",
        "ia32_emulation=1");
  }

  private Span x32() {
    // X86_X32 until 5.17, X86_X32_ABI since.
    if (!config.on("X86_X32_ABI") && !config.on("X86_X32")) {
      return lacks("CONFIG_X86_X32_ABI is not set", OTHER);
    }
    boolean switchable = config.mentions("X86_X32_DISABLED");
    Optional<Parameter> asked = last("syscall.x32", p -> switchable && p.flag().isPresent());
    return switched(
        asked.flatMap(Parameter::flag).orElse(!config.on("X86_X32_DISABLED")),
        asked,
        "CONFIG_X86_X32_DISABLED",
        "syscall.x32=y");
  }

  private Span vsyscall() {
    // Kernels before 3.19 have no such option and always emulate.
    if (config.off("X86_VSYSCALL_EMULATION")) {
      return lacks(
          "CONFIG_X86_VSYSCALL_EMULATION is not set, and vsyscall= is ignored", IA32_KERNEL);
    }
    Optional<Parameter> asked = last("vsyscall", p -> knowsVsyscall(p.value()));
    // Kernels before 4.4 offer no choice and emulate.
    boolean none = config.on("LEGACY_VSYSCALL_NONE");
    return switched(
        asked.map(p -> !p.value().equals("none")).orElse(!none),
        asked,
        "CONFIG_LEGACY_VSYSCALL_NONE",
        "vsyscall=emulate");
  }

  /** An unknown mode is ignored: xonly came with 5.3, and native went with 4.16. */
  private boolean knowsVsyscall(String mode) {
    return switch (mode) {
      case "none", "emulate" -> true;
      case "xonly" -> config.mentions("LEGACY_VSYSCALL_XONLY") || atLeast("5.3");
      case "native" ->
          config.mentions("LEGACY_VSYSCALL_NATIVE")
              || (!config.mentions("LEGACY_VSYSCALL_XONLY")
                  && !(version.isPresent() && atLeast("4.16")));
      default -> false;
    };
  }

  private Span compat() {
    return config.on("COMPAT")
        ? available("CONFIG_COMPAT")
        : lacks("CONFIG_COMPAT is not set", COMPAT_KERNEL);
  }

  /** A capability that a parameter switches. */
  private Span switched(
      boolean on, Optional<Parameter> asked, String offByDefault, String parameter) {
    String given = asked.map(p -> p + " is on the command line").orElse("");
    if (on) {
      return Span.everywhere(asked.map(p -> given));
    }
    String why = asked.isPresent() ? given : offByDefault;
    return commandLine.fixed()
        ? lacks(
            why + ", and CONFIG_CMDLINE_OVERRIDE ignores other parameters",
            "a guest kernel built without CONFIG_CMDLINE_OVERRIDE, or another executor")
        : new Span(
            Optional.empty(),
            Optional.empty(),
            Span.ALL,
            false,
            List.of(parameter),
            Optional.of(why),
            Optional.empty());
  }

  /** The last parameter of a name that the kernel does not ignore. */
  private Optional<Parameter> last(String name, Predicate<Parameter> obeyed) {
    Optional<Parameter> last =
        commandLine.parameters().stream()
            .filter(p -> p.name().equals(name))
            .filter(obeyed)
            .reduce((earlier, later) -> later);
    last.ifPresent(p -> honoured.put(name, p));
    return last;
  }

  /** Whether the kernel is of a version, or later; so is one of no known version. */
  private boolean atLeast(String least) {
    return version.map(v -> !Versions.isBelow(v, least)).orElse(true);
  }

  private Span foreign() {
    return lacks("the kernel is one for " + architecture.title(), OTHER);
  }

  private static Span available(String why) {
    return Span.everywhere(Optional.of(why));
  }

  private static Span lacks(String why, String otherwise) {
    return new Span(
        Optional.empty(),
        Optional.empty(),
        Span.ALL,
        false,
        List.of(),
        Optional.of(why),
        Optional.of(otherwise));
  }
}
