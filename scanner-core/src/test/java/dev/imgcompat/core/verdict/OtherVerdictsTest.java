package dev.imgcompat.core.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.ImageMerger;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.rules.RuleEngine;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import dev.imgcompat.core.testing.Samples;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts on machines, start programs and tools. */
class OtherVerdictsTest {
  private static final RulePack PACK = RulePack.builtIn();
  private static final int AARCH64 = 183;
  private static final int S390 = 22;

  private static ImageConfig config(Platform platform, List<String> command, String... volumes) {
    return new ImageConfig(
        platform, List.of(), List.of(), command, Optional.empty(), List.of(volumes), List.of());
  }

  private static ImageFacts facts(ImageConfig config, LayerBuilder layer) {
    return ImageMerger.merge(config, List.<LayerFacts>of(Layers.facts(layer)));
  }

  private static Verdict judge(String target, ImageFacts facts) {
    return new Judge(new RuleEngine(PACK, Policy.ANY))
        .judge(facts, i -> Optional.empty(), PACK.target(target));
  }

  private static Verdict judge(ImageConfig config, LayerBuilder layer) {
    return judge("kata", facts(config, layer));
  }

  private static Verdict starting(LayerBuilder layer, String... command) {
    return judge(config(Platform.LINUX_AMD64, List.of(command)), layer);
  }

  private static Verdict on(Platform platform, LayerBuilder layer) {
    return judge(config(platform, List.of()), layer);
  }

  private static Finding finding(Verdict verdict, String rule) {
    return verdict.findings().stream()
        .filter(f -> f.rule().equals(rule))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + rule + " in " + verdict.findings()));
  }

  private static List<String> rules(Verdict verdict) {
    return verdict.findings().stream().map(Finding::rule).toList();
  }

  @Nested
  class MachinesAndPlatforms {
    @Test
    void whatIsForAnotherMachineDecidesOnlyWhereTheImageStartsThroughIt() {
      LayerBuilder beside =
          Samples.debian12()
              .program("usr/local/bin/gdbserver-arm", ElfBuilder.of(false, 40))
              .program("opt/ndk/gdbserver", ElfBuilder.of(true, AARCH64));
      LayerBuilder start = new LayerBuilder().program("bin/sh", ElfBuilder.of(true, AARCH64));

      Verdict informed = starting(beside, "/bin/sh");
      Verdict excluded = starting(start, "/bin/sh");

      assertThat(informed.decision()).isEqualTo(Decision.COMPATIBLE);
      assertThat(finding(informed, "other-machine-program").scope()).isEqualTo(Scope.PATH);
      assertThat(finding(informed, "other-machine-program").evidenceCount()).isEqualTo(2);
      assertThat(excluded.decision()).isEqualTo(Decision.EXCLUDED);
      assertThat(finding(excluded, "other-machine-program").scope()).isEqualTo(Scope.START);
      assertThat(finding(excluded, "platform-mismatch").summary())
          .isEqualTo("the config says linux/amd64, but what the image starts is for aarch64");
    }

    @Test
    void anI386RootLabelledAmd64IsExcludedAndTheContradictionIsSaid() {
      LayerBuilder root =
          new LayerBuilder()
              .program("bin/bash", ElfBuilder.i386().interpreter("/lib/ld-linux.so.2"))
              .link("bin/sh", "bash");

      Verdict verdict = starting(root, "bash");

      assertThat(verdict.decision()).isEqualTo(Decision.EXCLUDED);
      assertThat(finding(verdict, "ia32-program").scope()).isEqualTo(Scope.START);
      Finding mismatch = finding(verdict, "platform-mismatch");
      assertThat(mismatch.decides()).isFalse();
      assertThat(mismatch.evidence().get(0).path()).isEqualTo("/bin/bash");
      assertThat(rules(on(Platform.parse("linux/386"), root))).doesNotContain("platform-mismatch");
    }

    @ParameterizedTest
    @CsvSource({
      "linux/amd64, true, 62, false",
      "linux/386, true, 62, true",
      "linux/386, false, 3, false",
      "linux/arm64, true, 183, false",
      "linux/arm64, false, 40, true",
      "linux/arm64, true, 62, true",
      "linux/arm, false, 40, false",
      "linux/s390x, true, 22, false",
      "linux/ppc64le, true, 21, false",
      "linux/riscv64, true, 243, false",
      "linux/mips64le, true, 62, false"
    })
    void aConfigThatContradictsTheFilesIsAFinding(
        String platform, boolean wide, int machine, boolean contradicts) {
      Verdict verdict =
          on(
              Platform.parse(platform),
              new LayerBuilder().program("bin/sh", ElfBuilder.of(wide, machine)));

      assertThat(rules(verdict).contains("platform-mismatch")).isEqualTo(contradicts);
    }

    @Test
    void withoutStartProgramsAllProgramsTell() {
      LayerBuilder layer = new LayerBuilder().program("opt/x", ElfBuilder.of(true, AARCH64));

      assertThat(rules(on(Platform.LINUX_AMD64, layer)))
          .containsExactlyInAnyOrder("platform-mismatch", "other-machine-program", "nothing-runs");
      assertThat(on(Platform.LINUX_AMD64, layer).decision()).isEqualTo(Decision.EXCLUDED);
      assertThat(rules(on(Platform.LINUX_AMD64, new LayerBuilder().text("etc/x", "y")))).isEmpty();
    }

    @Test
    void an64BitProgramInA386ImageRuns() {
      LayerBuilder layer =
          new LayerBuilder()
              .program("bin/sh", ElfBuilder.i386())
              .program("opt/x", ElfBuilder.x86_64());

      assertThat(rules(on(Platform.parse("linux/386"), layer))).containsExactly("ia32-program");
    }

    @Test
    void thirtyOneBitProgramsRunOnKata1Only() {
      ImageFacts image =
          facts(
              config(Platform.parse("linux/s390x"), List.of()),
              new LayerBuilder()
                  .program("bin/sh", ElfBuilder.of(true, S390).bigEndian())
                  .program("opt/old", ElfBuilder.of(false, S390).bigEndian()));

      assertThat(judge("kata:1.13", image).decision()).isEqualTo(Decision.COMPATIBLE);
      assertThat(judge("kata:3.2", image).decision()).isEqualTo(Decision.EXCLUDED);
      assertThat(rules(judge("kata:3.2", image))).containsExactly("s390-31-program");
    }

    @Test
    void bootImagesAndDebugFilesAreInertWhateverTheirMode() {
      LayerBuilder layer =
          Samples.debian12()
              .program("boot/memtest86+.elf", ElfBuilder.i386())
              .program("usr/lib/grub/i386-pc/kernel.img", ElfBuilder.i386())
              .program("usr/share/syslinux/menu.c32", ElfBuilder.i386())
              .program("usr/lib/debug/usr/bin/x.debug", ElfBuilder.i386());

      Verdict verdict = starting(layer, "/bin/sh");

      assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
      Finding finding = finding(verdict, "ia32-program");
      assertThat(finding.scope()).isEqualTo(Scope.INERT);
      assertThat(finding.summary()).startsWith("4 files, which nothing would run,");
    }

    @Test
    void aProgramOnThePathIsRunWhereverItLies() {
      LayerBuilder layer =
          Samples.debian12()
              .program("boot/tool", ElfBuilder.i386())
              .link("usr/bin/tool", "/boot/tool");

      assertThat(starting(layer, "/bin/sh").decision()).isEqualTo(Decision.EXCLUDED);
    }

    @Test
    void rulesOfX86HoldOnX86Only() {
      LayerBuilder layer =
          new LayerBuilder()
              .program("bin/sh", ElfBuilder.of(true, AARCH64))
              .program("opt/sdk/aapt", ElfBuilder.i386())
              .program("opt/sdk/x32", ElfBuilder.x32())
              .program("opt/sdk/old", ElfBuilder.x86_64().callsVsyscall(0x400))
              .program("lib64/libc.so.6", ElfBuilder.glibc("2.12"))
              .program("opt/sdk/dynamic", ElfBuilder.glibcProgram());

      Verdict verdict = on(Platform.parse("linux/arm64"), layer);

      assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
      assertThat(rules(verdict)).containsExactly("other-machine-program");
    }

    @Test
    void anUnknownPlatformKeepsTheRulesOfX86() {
      LayerBuilder layer = new LayerBuilder().program("bin/sh", ElfBuilder.i386());

      assertThat(on(Platform.parse("linux/unknown"), layer).decision())
          .isEqualTo(Decision.EXCLUDED);
    }

    @Test
    void theNoteOfAnotherSystemStopsNoKernel() {
      LayerBuilder layer =
          new LayerBuilder().program("bin/sh", ElfBuilder.i386().note("FreeBSD", 1, 1));

      assertThat(starting(layer, "/bin/sh").decision()).isEqualTo(Decision.EXCLUDED);
    }

    @Test
    void anI486IsAnI386() {
      assertThat(
              starting(Samples.debian12().program("usr/bin/x", ElfBuilder.of(false, 6)), "/bin/sh")
                  .decision())
          .isEqualTo(Decision.EXCLUDED);
    }

    @Test
    void anUnmarkedStaticPieOnThePathIsAProgram() {
      assertThat(
              starting(
                      Samples.debian12().program("usr/bin/x", ElfBuilder.i386().type(3)), "/bin/sh")
                  .decision())
          .isEqualTo(Decision.EXCLUDED);
    }

    @Test
    void theHelpersOfDebuggersDoNotDecide() {
      LayerBuilder layer =
          Samples.debian12()
              .program("usr/libexec/valgrind/memcheck-x86-linux", ElfBuilder.i386())
              .program("usr/lib/perf-core/perf-read-vdso32", ElfBuilder.i386());

      assertThat(starting(layer, "/bin/sh").decision()).isEqualTo(Decision.COMPATIBLE);
    }

    @Test
    void theClassIsThatOfTheMachineWhateverTheAuthorClaims() {
      LayerBuilder layer =
          Samples.debian12().program("usr/bin/hidden", ElfBuilder.i386().identClass(2).osAbi(9));

      assertThat(starting(layer, "/bin/sh").decision()).isEqualTo(Decision.EXCLUDED);
    }
  }

  @Nested
  class StartPrograms {
    @ParameterizedTest
    @CsvSource({
      "/app/missing, start-not-found",
      "missing, start-not-found",
      "/opt/data, start-not-executable",
      "/opt/alien, start-no-interpreter"
    })
    void aStartProgramThatCannotStartIsAFindingButDecidesNothing(String command, String rule) {
      LayerBuilder layer =
          Samples.debian12()
              .file("opt/data", 0644, ElfBuilder.x86_64().build())
              .program("opt/alien", ElfBuilder.x86_64().interpreter("/lib/ld-musl-x86_64.so.1"));

      Verdict verdict = starting(layer, command);

      assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
      assertThat(rules(verdict)).containsExactly(rule);
      Finding finding = finding(verdict, rule);
      assertThat(finding.scope()).isEqualTo(Scope.START);
      assertThat(finding.summary()).contains(command);
      assertThat(finding.chain().get(0)).isEqualTo("the config starts " + command);
      assertThat(finding.decides()).isFalse();
    }
  }

  @Nested
  class Tools {
    private static final LayerBuilder NONE = new LayerBuilder();

    private LayerBuilder zypper(String soname) {
      return Samples.debian12().program("usr/bin/zypper", ElfBuilder.glibcProgram().needed(soname));
    }

    @Test
    void bothRemediesOfTheDescriptorLoopSayForWhichVersionsTheyHold() {
      LayerBuilder layer =
          Samples.debian12()
              .program(
                  "usr/bin/rpm",
                  ElfBuilder.glibcProgram().needed("librpm.so.3").text("rpmpopt-4.11.3"));

      Finding finding = finding(starting(layer, "/bin/sh"), "rpm-descriptor-loop");

      assertThat(finding.effect()).isEqualTo(Effect.ADVICE);
      assertThat(finding.remedies())
          .extracting(Remedy::kernelParams)
          .containsExactly(List.of("init=/usr/bin/kata-agent"), List.of());
      assertThat(finding.remedies())
          .allSatisfy(remedy -> assertThat(remedy.holdsFor().orElseThrow()).contains("kata 1.0–"));
    }

    @ParameterizedTest
    @CsvSource({"libzypp.so.706, true", "libzypp.so.1519, true", "libzypp.so.1722, false"})
    void anOldZypperIsAdvice(String soname, boolean advised) {
      Verdict verdict = starting(zypper(soname), "/bin/sh");

      assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
      assertThat(rules(verdict).contains("zypper-descriptor-loop")).isEqualTo(advised);
    }

    @Test
    void theVersionOfZyppersLibraryInTheDatabaseIsBetter() {
      LayerBuilder layer =
          zypper("libzypp.so.1722").text("var/lib/rpm/Packages", "\0libzypp-17.28.8-1.1.src.rpm\0");

      assertThat(rules(starting(layer, "/bin/sh"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dockerd", "podman", "buildkitd"})
    void enginesInformOnKataAlone(String engine) {
      ImageFacts image =
          facts(
              config(Platform.LINUX_AMD64, List.of("/bin/sh")),
              Samples.debian12().program("usr/bin/" + engine, ElfBuilder.x86_64()));

      assertThat(judge("kata", image).decision()).isEqualTo(Decision.COMPATIBLE);
      Finding finding = finding(judge("kata", image), "nested-containers");
      assertThat(finding.effect()).isEqualTo(Effect.INFORMS);
      assertThat(finding.summary()).contains(engine);
      assertThat(finding.remedies().get(0).text().orElseThrow())
          .contains("privileged_without_host_devices");
      assertThat(rules(judge("runc-debian", image))).isEmpty();
    }

    @Test
    void aDockerClientIsNoEngine() {
      assertThat(
              rules(
                  starting(
                      Samples.debian12().program("usr/bin/docker", ElfBuilder.x86_64()),
                      "/bin/sh")))
          .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "/var/lib/docker, true",
      "/var/lib/containers/storage, true",
      "/var/lib/dockerx, false",
      "/data, false"
    })
    void aVolumeForLayersInforms(String volume, boolean informs) {
      Verdict verdict =
          judge(config(Platform.LINUX_AMD64, List.of("/bin/sh"), "/x", volume), Samples.debian12());

      assertThat(rules(verdict).contains("container-volume")).isEqualTo(informs);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "modprobe br_netfilter|true",
          "/sbin/modprobe x|true",
          "x && dkms install y|true",
          "echo modprobes|false",
          "echo nodkms|false",
          "cat /etc/modprobe.d/x|false"
        })
    void startCommandsThatLoadModulesInform(String command, boolean informs) {
      Verdict verdict = starting(Samples.debian12(), "/bin/sh", "-c", command);

      assertThat(rules(verdict).contains("kernel-modules")).isEqualTo(informs);
    }

    private LayerBuilder systemd(String text) {
      return Samples.debian12()
          .program("usr/lib/systemd/systemd", ElfBuilder.glibcProgram().text(text))
          .directory("sbin")
          .link("sbin/init", "/usr/lib/systemd/systemd");
    }

    @ParameterizedTest
    @CsvSource({"systemd 215, true", "systemd 229, true", "systemd 230, false", "none, false"})
    void anOldSystemdAsTheStartCommandInforms(String text, boolean informs) {
      assertThat(rules(starting(systemd(text), "/sbin/init")).contains("systemd-cgroup"))
          .isEqualTo(informs);
      assertThat(rules(starting(systemd(text), "/bin/sh"))).isEmpty();
    }

    @Test
    void thePackageDatabaseTellsTheVersionOfSystemdToo() {
      LayerBuilder rpm =
          systemd("none").text("var/lib/rpm/Packages", "\0systemd-219-78.el7.src.rpm\0");
      LayerBuilder dpkg =
          systemd("none").text("var/lib/dpkg/status", "Package: systemd\nVersion: 215-17+deb8u7\n");

      assertThat(rules(starting(rpm, "/sbin/init"))).contains("systemd-cgroup");
      assertThat(rules(starting(dpkg, "/sbin/init"))).contains("systemd-cgroup");
    }

    @Test
    void anImageThatHardlyFitsInforms() {
      ImageFacts image = facts(config(Platform.LINUX_AMD64, List.of()), NONE);

      assertThat(rules(judge("kata", sized(image, 7_999_999_999L)))).isEmpty();
      assertThat(finding(judge("kata", sized(image, 9_260_000_000L)), "large-image").summary())
          .contains("9.3 GB");
    }

    private ImageFacts sized(ImageFacts f, long unpacked) {
      return new ImageFacts(
          f.platform(),
          f.elfFiles(),
          f.libc(),
          f.libcs(),
          f.start(),
          f.releaseFiles(),
          f.distTag(),
          f.tools(),
          f.volumes(),
          unpacked,
          f.incomplete());
    }

    @ParameterizedTest
    @CsvSource({
      "kata:1.13, 4, 14, false",
      "kata:1.13, 4, 15, true",
      "kata:2.5, 5, 4, false",
      "kata:2.5, 5, 10, true",
      "kata:3.25, 6, 18, false",
      "gvisor, 9, 9, false"
    })
    void aProgramOfANewerKernelInforms(String target, int major, int minor, boolean informs) {
      ImageFacts image =
          facts(
              config(Platform.LINUX_AMD64, List.of("/bin/app")),
              new LayerBuilder()
                  .program("bin/app", ElfBuilder.x86_64().note("GNU", 1, 0, major, minor, 0))
                  .program("opt/other", ElfBuilder.x86_64().note("GNU", 1, 0, 99, 0, 0)));

      Verdict verdict = judge(target, image);

      assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
      assertThat(rules(verdict).contains("kernel-too-old")).isEqualTo(informs);
    }
  }
}
