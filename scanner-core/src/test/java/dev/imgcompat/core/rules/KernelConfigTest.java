package dev.imgcompat.core.rules;

import static dev.imgcompat.core.rules.SampleKernels.CENTOS_6;
import static dev.imgcompat.core.rules.SampleKernels.DEBIAN_6_1;
import static dev.imgcompat.core.rules.SampleKernels.DEBIAN_6_12;
import static dev.imgcompat.core.rules.SampleKernels.FIRECRACKER_5_10;
import static dev.imgcompat.core.rules.SampleKernels.FIRECRACKER_6_18;
import static dev.imgcompat.core.rules.SampleKernels.KATA_6_12;
import static dev.imgcompat.core.rules.SampleKernels.KATA_6_18;
import static dev.imgcompat.core.rules.SampleKernels.RHEL_9;
import static dev.imgcompat.core.rules.SampleKernels.WSL2;
import static dev.imgcompat.core.rules.SampleKernels.config;
import static dev.imgcompat.core.rules.SampleKernels.x86;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelConfigTest {
  @TempDir private Path directory;

  private static Target profile(String text, String commandLine) {
    try {
      return KernelConfig.parse(text)
          .profile(
              new KernelConfig.Wanted("mine", Optional.empty(), Optional.empty(), commandLine));
    } catch (KernelConfigException e) {
      throw new AssertionError(e);
    }
  }

  private static String answer(Target target, String capability) {
    Span span = target.span(capability);
    return span.available()
        ? "yes"
        : span.kernelParams().isEmpty() ? "no" : String.join(" ", span.kernelParams());
  }

  private static String why(Target target, String capability) {
    return target.span(capability).why().orElse("");
  }

  private static Stream<Arguments> kernels() {
    return Stream.of(
        arguments(
            "Debian 6.1", DEBIAN_6_1, "6.1.192", "yes", "syscall.x32=y", "vsyscall=emulate", "yes"),
        arguments(
            "Debian 6.12",
            DEBIAN_6_12,
            "6.12.117",
            "yes",
            "syscall.x32=y",
            "vsyscall=emulate",
            "yes"),
        arguments("RHEL 9", RHEL_9, "5.14.0", "yes", "no", "yes", "yes"),
        arguments("Kata 3.24", KATA_6_12, "6.12.47", "no", "no", "vsyscall=emulate", "no"),
        arguments("Kata 3.25", KATA_6_18, "6.18.5", "no", "no", "no", "no"),
        arguments("Firecracker 5.10", FIRECRACKER_5_10, "5.10.252", "yes", "no", "yes", "no"),
        arguments("Firecracker 6.18", FIRECRACKER_6_18, "6.18.39", "yes", "no", "yes", "yes"),
        arguments("WSL 2", WSL2, "4.19.59", "no", "yes", "vsyscall=emulate", "yes"),
        arguments("CentOS 6", CENTOS_6, "2.6.32", "yes", "no", "yes", "yes"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kernels")
  void realKernelsOfferThis(
      String name,
      String config,
      String version,
      String ia32,
      String x32,
      String vsyscall,
      String modules) {
    Target target = profile(config, "");

    assertThat(
            List.of(
                target.kernel().orElse("?"),
                answer(target, "ia32"),
                answer(target, "x32"),
                answer(target, "vsyscall"),
                answer(target, "kernel-modules")))
        .as(name)
        .containsExactly(version, ia32, x32, vsyscall, modules);
    assertThat(answer(target, "aarch32")).isEqualTo("no");
    assertThat(answer(target, "s390-31")).isEqualTo("no");
    assertThat(answer(target, "bounded-nofile")).isEqualTo("yes");
    assertThat(target.profile().kernelCommandLine()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"COMPAT_32BIT_TIME", "UID16"})
  void emulationWithoutWhatItNeedsIsNone(String option) {
    Target target =
        profile(
            DEBIAN_6_1.replace("CONFIG_" + option + "=y", "# CONFIG_" + option + " is not set"),
            "");

    assertThat(answer(target, "ia32")).isEqualTo("no");
    assertThat(why(target, "ia32")).contains("CONFIG_" + option);
  }

  @Test
  void emulationThatIsOffByDefaultNeedsAParameter() {
    String off =
        DEBIAN_6_12.replace(
            "# CONFIG_IA32_EMULATION_DEFAULT_DISABLED is not set",
            "CONFIG_IA32_EMULATION_DEFAULT_DISABLED=y");

    assertThat(answer(profile(off, ""), "ia32")).isEqualTo("ia32_emulation=1");
    assertThat(answer(profile(off, "ia32_emulation=1"), "ia32")).isEqualTo("yes");
    assertThat(answer(profile(off, "ia32-emulation=on"), "ia32")).isEqualTo("yes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // command line | vsyscall | ia32 | x32 | what the kernel obeys
        "vsyscall=emulate | yes | yes | syscall.x32=y | vsyscall=emulate",
        "quiet vsyscall=xonly ro | yes | yes | syscall.x32=y | vsyscall=xonly",
        "vsyscall=xonly vsyscall=none | vsyscall=emulate | yes | syscall.x32=y | vsyscall=none",
        "vsyscall=emulate vsyscall=rain | yes | yes | syscall.x32=y | vsyscall=emulate",
        "vsyscall=native | vsyscall=emulate | yes | syscall.x32=y | ''",
        "ia32_emulation=0 | vsyscall=emulate | ia32_emulation=1 | syscall.x32=y | ia32_emulation=0",
        "ia32_emulation=maybe | vsyscall=emulate | yes | syscall.x32=y | ''",
        "syscall.x32=y | vsyscall=emulate | yes | yes | syscall.x32=y",
        "syscall.x32=y syscall.x32=n | vsyscall=emulate | yes | syscall.x32=y | syscall.x32=n",
        "x=\"a vsyscall=emulate\" | vsyscall=emulate | yes | syscall.x32=y | ''",
        "-- vsyscall=emulate | vsyscall=emulate | yes | syscall.x32=y | ''",
        "vsyscall | vsyscall=emulate | yes | syscall.x32=y | ''"
      })
  void theCommandLineOverridesTheDefaults(
      String commandLine, String vsyscall, String ia32, String x32, String obeyed) {
    Target target = profile(DEBIAN_6_12, commandLine);

    assertThat(answer(target, "vsyscall")).isEqualTo(vsyscall);
    assertThat(answer(target, "ia32")).isEqualTo(ia32);
    assertThat(answer(target, "x32")).isEqualTo(x32);
    assertThat(String.join(" ", target.profile().kernelCommandLine())).isEqualTo(obeyed);
  }

  @Test
  void parametersThatAKernelDoesNotKnowAreIgnored() {
    assertThat(answer(profile(DEBIAN_6_1, "ia32_emulation=0"), "ia32")).isEqualTo("yes");
    assertThat(answer(profile(KATA_6_18, "vsyscall=emulate"), "vsyscall")).isEqualTo("no");
    assertThat(profile(KATA_6_18, "vsyscall=emulate").profile().kernelCommandLine()).isEmpty();
    assertThat(answer(profile(WSL2, "syscall.x32=n"), "x32")).isEqualTo("yes");

    String linux4 =
        x86(
            "4.14.35",
            "X86_VSYSCALL_EMULATION=y",
            "!LEGACY_VSYSCALL_NATIVE",
            "!LEGACY_VSYSCALL_EMULATE",
            "LEGACY_VSYSCALL_NONE=y");
    assertThat(answer(profile(linux4, "vsyscall=xonly"), "vsyscall")).isEqualTo("vsyscall=emulate");
    assertThat(answer(profile(linux4, "vsyscall=native"), "vsyscall")).isEqualTo("yes");
  }

  @Test
  void theBuiltInCommandLineCountsWhereItIsSwitchedOn() {
    String builtIn = "\nCONFIG_CMDLINE=\"quiet vsyscall=emulate\"\n";
    String on = DEBIAN_6_12.replace("# CONFIG_CMDLINE_BOOL is not set", "CONFIG_CMDLINE_BOOL=y");

    assertThat(answer(profile(DEBIAN_6_12 + builtIn, ""), "vsyscall"))
        .isEqualTo("vsyscall=emulate");
    assertThat(answer(profile(on + builtIn, ""), "vsyscall")).isEqualTo("yes");
    assertThat(answer(profile(on + builtIn, "vsyscall=none"), "vsyscall"))
        .isEqualTo("vsyscall=emulate");
  }

  @Test
  void aBuiltInCommandLineThatOverridesLeavesNoParameterToSet() {
    String fixed =
        DEBIAN_6_12.replace(
            "# CONFIG_CMDLINE_BOOL is not set",
            "CONFIG_CMDLINE_BOOL=y\nCONFIG_CMDLINE=\"quiet\"\nCONFIG_CMDLINE_OVERRIDE=y");
    Target target = profile(fixed, "vsyscall=emulate");

    assertThat(answer(target, "vsyscall")).isEqualTo("no");
    assertThat(why(target, "vsyscall")).contains("CONFIG_CMDLINE_OVERRIDE");
    assertThat(target.profile().kernelCommandLine()).isEmpty();
    assertThat(answer(profile(fixed.replace("quiet", "vsyscall=xonly"), ""), "vsyscall"))
        .isEqualTo("yes");
  }

  @Test
  void theOtherArchitecturesHaveTheirOwnCapabilities() {
    Target arm = profile(config("6.1.167", "ARM64=y", "COMPAT=y"), "vsyscall=emulate");
    assertThat(answer(arm, "aarch32")).isEqualTo("yes");
    assertThat(
            Stream.of("ia32", "x32", "vsyscall", "s390-31", "kernel-modules")
                .map(c -> answer(arm, c)))
        .containsOnly("no");
    assertThat(arm.profile().kernelCommandLine()).isEmpty();
    assertThat(why(arm, "ia32")).contains("arm64");
    assertThat(answer(profile(config("", "ARM64=y", "!COMPAT"), ""), "aarch32")).isEqualTo("no");

    Target s390 = profile(config("", "64BIT=y", "S390=y", "COMPAT=y"), "");
    assertThat(answer(s390, "s390-31")).isEqualTo("yes");
    assertThat(answer(s390, "aarch32")).isEqualTo("no");
    assertThat(answer(profile(config("", "S390=y"), ""), "s390-31")).isEqualTo("no");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#!/bin/sh\necho CONFIG_X86_64=y\n",
        "<html>404 not found</html>",
        "\u0000\u0001\u0002",
        "# Linux/x86 6.12.63 Kernel Configuration\n",
        "CONFIG_IA32_EMULATION=y\n",
        "CONFIG_X86_32=y\n# CONFIG_X86_64 is not set\n",
        "CONFIG_RISCV=y\n"
      })
  void whatIsNoConfigurationOfAKnownArchitectureIsRefusedInOneLine(String text) {
    assertThatThrownBy(() -> KernelConfig.parse(text))
        .isInstanceOf(KernelConfigException.class)
        .hasMessageMatching("[^\\n]*(no CONFIG_ line|CONFIG_X86_64=y)[^\\n]*");
  }

  @Test
  void theVersionComesFromTheHeaderOrFromTheCaller() throws Exception {
    String bare = x86("", "IA32_EMULATION=y");

    assertThat(profile(bare, "").kernel()).isEmpty();
    assertThat(
            profile(bare.replace("# Automatically", "# Version Linux/x86 6.6.1 du noyau"), "")
                .kernel())
        .contains("6.6.1");
    assertThat(profile(bare + "# Linux/x86 1.2.3 Kernel Configuration\n", "").kernel()).isEmpty();
    assertThat(
            KernelConfig.parse(DEBIAN_6_12)
                .profile(
                    new KernelConfig.Wanted(
                        "mine", Optional.empty(), Optional.of("6.13"), "ia32_emulation=0"))
                .kernel())
        .contains("6.13");
  }

  @Test
  void aLineThatIsNoHeaderIsNotSearchedForAVersion() {
    String bare = x86("", "IA32_EMULATION=y");

    assertThat(profile("# " + "Linux/".repeat(500_000) + "\n" + bare, "").kernel()).isEmpty();
  }

  @Test
  void badNamesAreRefused() throws Exception {
    KernelConfig config = KernelConfig.parse(DEBIAN_6_12);
    Optional<String> none = Optional.empty();

    assertThatThrownBy(() -> config.profile(new KernelConfig.Wanted("My Kernel", none, none, "")))
        .isInstanceOf(KernelConfigException.class)
        .hasMessageContaining("'My Kernel' is no id");
    assertThatThrownBy(
            () -> config.profile(new KernelConfig.Wanted("mine", none, Optional.of("new"), "")))
        .hasMessageContaining("'new' is no kernel version");
    assertThatThrownBy(
            () -> config.profile(new KernelConfig.Wanted("mine", Optional.of(" "), none, "")))
        .hasMessageContaining("title");
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private static KernelConfig read(byte[] bytes) throws IOException, KernelConfigException {
    return KernelConfig.read(new ByteArrayInputStream(bytes));
  }

  @Test
  void gzippedConfigurationsAreReadAndBounded() throws Exception {
    byte[] zipped = gzip(DEBIAN_6_1.getBytes(StandardCharsets.UTF_8));

    assertThat(read(zipped).on("IA32_EMULATION")).isTrue();
    assertThat(read(DEBIAN_6_1.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)).on("UID16"))
        .isTrue();
    assertThatThrownBy(() -> read(Arrays.copyOf(zipped, 40)))
        .isInstanceOf(KernelConfigException.class)
        .hasMessageContaining("gzip");
    assertThatThrownBy(() -> read(gzip(new byte[KernelConfig.MAX_BYTES + 1])))
        .hasMessageContaining("larger than 4 MiB");
    assertThatThrownBy(() -> read(new byte[KernelConfig.MAX_BYTES + 1]))
        .hasMessageContaining("larger than 4 MiB");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kernels")
  void aDerivedProfileIsAFileOfRuntimes(String name, String config) throws Exception {
    for (String title :
        List.of(
            name, "yes", "6.10", "a: b # c", "- \"x\" 'y'", "{a}", "ä\tb", "  x  ", "&a *b !c")) {
      Target target =
          KernelConfig.parse(config)
              .profile(
                  new KernelConfig.Wanted(
                      "mine", Optional.of(title), Optional.empty(), "vsyscall=none"));
      Path file = Files.writeString(directory.resolve("it.yaml"), RuntimeFormat.yaml(target));

      assertThat(RuntimeFiles.target(file.toString())).as(title).isEqualTo(target);
    }
  }
}
