package dev.imgcompat.core.verdict;

import static dev.imgcompat.core.verdict.Verdicts.config;
import static dev.imgcompat.core.verdict.Verdicts.facts;
import static dev.imgcompat.core.verdict.Verdicts.finding;
import static dev.imgcompat.core.verdict.Verdicts.judge;
import static dev.imgcompat.core.verdict.Verdicts.on;
import static dev.imgcompat.core.verdict.Verdicts.rules;
import static dev.imgcompat.core.verdict.Verdicts.starting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs of all kinds of machines, and configs that claim another. */
class MachineVerdictTest {
  private static final int AARCH64 = 183;
  private static final int S390 = 22;

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

    assertThat(on(Platform.parse("linux/unknown"), layer).decision()).isEqualTo(Decision.EXCLUDED);
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
            starting(Samples.debian12().program("usr/bin/x", ElfBuilder.i386().type(3)), "/bin/sh")
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
