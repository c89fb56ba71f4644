package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimesCommandTest {
  private static final String CONFIG =
      """
      #
      # Automatically generated file; DO NOT EDIT.
      # Linux/x86 6.12.63 Kernel Configuration
      #
      CONFIG_X86_64=y
      CONFIG_X86_VSYSCALL_EMULATION=y
      # CONFIG_LEGACY_VSYSCALL_XONLY is not set
      CONFIG_LEGACY_VSYSCALL_NONE=y
      # CONFIG_IA32_EMULATION is not set
      """;

  @TempDir private Path directory;
  private Path cache;
  private Path config;
  private Path profile;
  private String old;
  private String bits;

  @BeforeEach
  void write() throws IOException {
    cache = directory.resolve("cache");
    config = Files.writeString(directory.resolve("config"), CONFIG);
    profile = directory.resolve("profile.yaml");
    String layout = "oci:" + Samples.layout().write(directory.resolve("layout"));
    old = layout + ":old-glibc";
    bits = layout + ":32-bit";
  }

  private Run run(String... args) {
    return Run.of(cache, args);
  }

  private void keep(Run run) throws IOException {
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    Files.writeString(profile, run.out());
  }

  @Test
  void theListHasARowForEachRuntime() {
    Run run = run("runtimes", "list");

    assertThat(run.exit()).isZero();
    assertThat(run.out().lines().map(l -> l.replaceAll(" +", " ")))
        .contains(
            "ID VERSIONS ASSUMED TITLE",
            "kata 1.0–4.1 3.24 Kata Containers, QEMU guest kernels",
            "runc-wsl2 all - runc on the kernel of WSL 2");
  }

  @Test
  void oneRuntimeIsShownWithWhatItOffers() {
    assertThat(run("runtimes", "show", "kata").out())
        .startsWith("kata  Kata Containers, QEMU guest kernels\n")
        .contains(
            "versions: 1.0–4.1; 3.24 is assumed",
            "lowest guest kernel: 5.4",
            "ia32               not available",
            "vsyscall           needs vsyscall=emulate",
            "remedy: vsyscall=emulate on kata 1.0–3.24 (vsyscall=xonly works too",
            "but kata 3.25–4.1: not available (",
            "remedy: a lower nofile limit in the OCI runtime specification (kata 1.0–4.1)",
            "see https://");
    assertThat(run("runtimes", "show", "kata:3.25").out())
        .contains(
            "kata:3.25  ",
            "this is 3.25",
            "lowest guest kernel: 6.18",
            "vsyscall           not available",
            "but kata 1.0–3.24: needs vsyscall=emulate");
    assertThat(run("runtimes", "show", "runc-rhel").out())
        .contains("vsyscall           available", "ia32_emulation=0");
  }

  @Test
  void whatIsShownAsYamlOrJsonIsAFileOfRuntimes() throws IOException {
    for (String form : new String[] {"yaml", "json"}) {
      keep(run("runtimes", "show", "kata:3.25", "-o", form));

      Run scan = run("scan", "-o", "json", "--runtime", "file:" + profile, old);
      assertThat(scan.decision()).as(form).isEqualTo("EXCLUDED");
    }
  }

  @Test
  void aKernelConfigurationBecomesARuntimeToScanFor() throws IOException {
    keep(run("runtimes", "from-config", config.toString(), "--id", "ours", "--title", "Our guest"));

    Run scan = run("scan", "--runtime", "kata:3.25,file:" + profile, "--runtime", "gvisor", old);
    assertThat(scan.out())
        .contains(
            "EXCLUDED on kata:3.25",
            "NEEDS_KERNEL_PARAMS on ours  vsyscall=emulate",
            "COMPATIBLE on gvisor");
    assertThat(run("scan", "-o", "json", "--runtime", "file:" + profile, bits).decision())
        .isEqualTo("EXCLUDED");
    assertThat(run("runtimes", "show", "file:" + profile).out())
        .contains("ours  Our guest", "lowest guest kernel: 6.12.63", "CONFIG_IA32_EMULATION");
  }

  @Test
  void theCommandLineAndTheVersionMayBeGiven() throws IOException {
    keep(
        run(
            "runtimes",
            "from-config",
            config.toString(),
            "--cmdline",
            "quiet vsyscall=xonly",
            "--kernel-version",
            "6.13"));

    assertThat(run("scan", "-o", "json", "--runtime", "file:" + profile, old).decision())
        .isEqualTo("COMPATIBLE");
    assertThat(run("runtimes", "show", "file:" + profile).out())
        .contains("lowest guest kernel: 6.13", "kernel command line: vsyscall=xonly");
  }

  @Test
  void parametersOnTheCommandLineAreShownAsWhatTheyGive() throws IOException {
    keep(run("runtimes", "from-config", config.toString()));
    Files.writeString(
        profile,
        Files.readString(profile)
            .replace("  kernels:", "  kernelCommandLine: [vsyscall=emulate]\n  kernels:"));

    assertThat(run("runtimes", "show", "file:" + profile).out())
        .contains("vsyscall           available, by vsyscall=emulate on the command line");
  }

  @Test
  void aConfigurationComesFromAGzippedFileOrStandardInput() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(CONFIG.getBytes(StandardCharsets.UTF_8));
    }
    Path gz = Files.write(directory.resolve("config.gz"), zipped.toByteArray());
    String expected = run("runtimes", "from-config", config.toString()).out();

    assertThat(run("runtimes", "from-config", gz.toString()).out()).isEqualTo(expected);
    assertThat(Run.of(cache, CONFIG, false, "runtimes", "from-config", "-").out())
        .isEqualTo(expected);
  }

  @Test
  void whatIsNoKernelConfigurationIsRefusedInOneLine() throws IOException {
    Path other = Files.writeString(directory.resolve("other"), "root:x:0:0\n");

    for (String[] args :
        new String[][] {
          {"runtimes", "from-config", other.toString()},
          {"runtimes", "from-config", "-"},
          {"runtimes", "from-config", config.toString(), "--id", "Ours!"},
          {"runtimes", "from-config", config.toString(), "--kernel-version", "new"},
        }) {
      Run run = run(args);
      assertThat(run.exit()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().lines()).singleElement().asString().startsWith("imgcompat: ");
    }
  }

  @Test
  void aFileOfSeveralRuntimesIsAskedForOne() throws IOException {
    String one = run("runtimes", "show", "gvisor", "-o", "yaml").out();
    String two = run("runtimes", "show", "firecracker", "-o", "yaml").out();
    Files.writeString(profile, one + two.substring(two.indexOf("- id:")));

    Run unclear = run("scan", "--runtime", "file:" + profile, bits);
    assertThat(unclear.exit()).isEqualTo(2);
    assertThat(unclear.err())
        .contains("several runtimes", profile + "#gvisor", "gvisor, firecracker");

    Run scan = run("scan", "--runtime", "file:" + profile + "#firecracker:5.10", bits);
    assertThat(scan.out()).contains("COMPATIBLE on firecracker:5.10");
  }

  @Test
  void anErrorInAFileOfRuntimesHasItsLine() throws IOException {
    Files.writeString(profile, "schemaVersion: 1\nruntimes:\n  - id: mine\n    title: 7\n");

    Run run = run("scan", "--runtime", "file:" + profile, bits);
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("profile.yaml:4:", "profile.yaml:3:");
  }

  @Test
  void runtimesOfARuleDirectoryAreListedToo() throws IOException {
    keep(run("runtimes", "from-config", config.toString(), "--id", "ours"));
    Path rules = Files.createDirectory(directory.resolve("rules"));
    Files.move(profile, rules.resolve("ours.yaml"));

    assertThat(run("runtimes", "list", "--rules", rules.toString()).out())
        .contains("ours ", "guest kernel 6.12.63 for x86-64");
    assertThat(run("runtimes", "show", "ours", "--rules", rules.toString()).exit()).isZero();
  }

  @Test
  void aFileCombinesWithAll() throws IOException {
    keep(run("runtimes", "from-config", config.toString(), "--id", "ours"));

    assertThat(run("scan", "--runtime", "all", "--runtime", "file:" + profile, bits).out())
        .contains("9    ours", "no   no   no   yes  no   yes  yes  yes  no   oci:");
  }

  @Test
  void twoRuntimesOfOneNameAreRefused() throws IOException {
    keep(run("runtimes", "from-config", config.toString()));
    Path other = directory.resolve("other.yaml");
    Files.writeString(other, Files.readString(profile).replace("6.12", "6.13"));

    Run both = run("scan", "--runtime", "file:" + profile + ",file:" + other, old);

    assertThat(both.exit()).isEqualTo(2);
    assertThat(both.err()).contains("two different runtimes are called 'my-kernel'");
    assertThat(run("scan", "--runtime", "file:" + profile + ",file:" + profile, old).exit())
        .as("the same one twice is one")
        .isZero();
  }

  @Test
  void whatAProfileDoesNotStateIsSaidToBeTakenAsAvailable() {
    assertThat(run("runtimes", "show", "gvisor").out())
        .containsPattern("cgroup-v1 +not stated in the profile: taken as available")
        .containsPattern("vsyscall +available");
  }
}
