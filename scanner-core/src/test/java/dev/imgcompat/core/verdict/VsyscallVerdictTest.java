package dev.imgcompat.core.verdict;

import static dev.imgcompat.core.verdict.Verdicts.finding;
import static dev.imgcompat.core.verdict.Verdicts.on;
import static dev.imgcompat.core.verdict.Verdicts.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the code of C libraries and programs has to do with the vsyscall page, and what follows. */
class VsyscallVerdictTest {
  private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

  private static Verdict judge(LayerBuilder layer) {
    return on(Platform.LINUX_AMD64, layer);
  }

  private static LayerBuilder base(ElfBuilder libc) {
    return new LayerBuilder()
        .program("bin/bash", ElfBuilder.glibcProgram().imports("gettimeofday", "time"))
        .link("bin/sh", "bash")
        .program(
            "lib64/ld-linux-x86-64.so.2", ElfBuilder.x86_64().sharedObject("ld-linux-x86-64.so.2"))
        .program("lib64/libc.so.6", libc);
  }

  private static ElfBuilder unread(String version) {
    // The segment with the code ends beyond the file: what is missing may hold calls.
    return ElfBuilder.patchedGlibc(version).beyond(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.3.4", "2.5", "2.7", "2.11.3", "2.12", "2.13"})
  void dynamicProgramsNeedTheParameterUpTo213(String version) {
    Verdict verdict = judge(base(ElfBuilder.glibc(version)));

    assertThat(verdict.decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    Finding finding = finding(verdict, "vsyscall-dynamic");
    assertThat(finding.scope()).isEqualTo(Scope.START);
    assertThat(finding.decides()).isTrue();
    assertThat(finding.summary()).contains("glibc " + version);
    assertThat(finding.evidence().get(0).detail())
        .isEqualTo(
            "glibc " + version + " (banner); 2 call sites of the vsyscall page: time, getcpu");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.14", "2.14.90", "2.15", "2.17", "2.21", "2.22", "2.41"})
  void laterOnesDoNotThoughTheAddressesRemain(String version) {
    Verdict verdict = judge(base(ElfBuilder.glibc(version)));

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(verdict.findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2.5, NEEDS_KERNEL_PARAMS",
    "2.12, NEEDS_KERNEL_PARAMS",
    "2.14, NEEDS_KERNEL_PARAMS",
    "2.14.90, NEEDS_KERNEL_PARAMS",
    "2.15, COMPATIBLE",
    "2.36, COMPATIBLE"
  })
  void whereTheCodeCannotBeReadTheBoundIs215(String version, Decision decision) {
    Verdict verdict = judge(base(unread(version)));

    assertThat(verdict.decision()).isEqualTo(decision);
    assertThat(rules(verdict).contains("vsyscall-glibc"))
        .isEqualTo(decision == Decision.NEEDS_KERNEL_PARAMS);
  }

  @Test
  void thePackageDatabaseCountsWhereThereIsNoLibrary() {
    LayerBuilder database =
        new LayerBuilder()
            .program("bin/sh", ElfBuilder.glibcProgram())
            .text("var/lib/dpkg/status", "Package: libc6\nVersion: 2.11.3-4\n");

    Verdict verdict = judge(database);

    assertThat(verdict.decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(finding(verdict, "vsyscall-glibc").evidence().get(0).path())
        .isEqualTo("/var/lib/dpkg/status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"etc/debian_version|6.0.10", "etc/SuSE-release|openSUSE 11.4 (x86_64)"})
  void theReleaseCountsWhereNothingElseDoes(String release) {
    String[] parts = release.split("\\|", -1);
    LayerBuilder only =
        new LayerBuilder()
            .program("bin/sh", ElfBuilder.glibcProgram())
            .text(parts[0], parts[1] + "\n");

    assertThat(judge(only).decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(judge(base(ElfBuilder.glibc("2.36")).text(parts[0], parts[1] + "\n")).decision())
        .isEqualTo(Decision.COMPATIBLE);
  }

  @Test
  void theTagOfThePackagesTellsTheFamilyWhereTheReleaseFileIsMissing() {
    Verdict el6 =
        judge(
            base(ElfBuilder.glibc("2.12"))
                .text("var/lib/rpm/Packages", "\0glibc-2.12-1.192.el6.src.rpm\0"));
    Verdict amazon =
        judge(
            base(ElfBuilder.glibc("2.12"))
                .text("var/lib/rpm/Packages", "\0glibc-2.12-1.149.49.amzn1.src.rpm\0"));
    Verdict later =
        judge(
            base(ElfBuilder.glibc("2.17"))
                .text("var/lib/rpm/Packages", "\0glibc-2.17-222.173.amzn1.src.rpm\0"));

    assertThat(finding(el6, "rhel6-family").evidence().get(0).path())
        .isEqualTo("/var/lib/rpm/Packages");
    assertThat(rules(amazon)).contains("rhel6-family");
    assertThat(later.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(rules(later)).doesNotContain("rhel6-family");
  }

  @Test
  void aPatchedLibraryOfAnAffectedVersionIsFineAndSaysSo() {
    Verdict verdict = judge(base(ElfBuilder.patchedGlibc("2.12.2")));

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    Finding finding = finding(verdict, "vsyscall-patched");
    assertThat(finding.decides()).isFalse();
    assertThat(finding.summary()).contains("2.12.2", "patched");
    assertThat(finding.remedies()).isEmpty();
    assertThat(finding.evidence().get(0).detail()).contains("no call of the vsyscall page");
  }

  @Test
  void theTimedWaitsOfAThreadLibraryAreFallbacks() {
    Verdict verdict =
        judge(
            base(ElfBuilder.glibc("2.14"))
                .program(
                    "lib64/libpthread.so.0",
                    ElfBuilder.x86_64()
                        .sharedObject("libpthread.so.0")
                        .callsVsyscall(0)
                        .code(0x48, 0x8b, 0x44, 0x24, 0x08, 0xbf, 0xe8, 0x03, 0x00, 0x00)));

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(verdict.findings()).isEmpty();
  }

  @Test
  void anotherCLibraryWithCallsInforms() {
    LayerBuilder uclibc =
        new LayerBuilder()
            .program(
                "bin/sh",
                ElfBuilder.x86_64().interpreter("/lib/ld64-uClibc.so.1").needed("libc.so.1"))
            .program("lib/ld64-uClibc.so.1", ElfBuilder.x86_64().sharedObject("ld64-uClibc.so.1"))
            .program(
                "lib/libuClibc-1.0.58.so",
                ElfBuilder.x86_64().sharedObject("libc.so.1").callsVsyscall(0))
            .link("lib/libc.so.1", "libuClibc-1.0.58.so");

    Verdict verdict = judge(uclibc);

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(rules(verdict)).containsExactly("vsyscall-other-libc");
  }

  @Test
  void aPackedProgramIsNotSaidToBeFine() {
    Verdict verdict = judge(new LayerBuilder().program("bin/sh", ElfBuilder.x86_64().text("UPX!")));

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(rules(verdict)).containsExactly("vsyscall-unread");
  }

  @Test
  void theReleaseDoesNotCountWhereAStaticShellWasRead() {
    LayerBuilder layer =
        new LayerBuilder()
            .program("bin/sh", ElfBuilder.x86_64())
            .text("etc/redhat-release", "CentOS release 6.8 (Final)\n");

    assertThat(judge(layer).findings()).isEmpty();
  }

  @Test
  void theReleaseDoesNotCountWhereThereIsNoProgram() {
    LayerBuilder layer =
        new LayerBuilder().text("etc/redhat-release", "CentOS release 6.8 (Final)\n");

    assertThat(judge(layer).decision()).isEqualTo(Decision.COMPATIBLE);
  }

  @Test
  void theToolsOfASysrootsGlibcAreInertLikeIt() {
    LayerBuilder layer =
        base(ElfBuilder.glibc("2.31"))
            .program("opt/sdk/lib64/libc.so.6", ElfBuilder.glibc("2.12"))
            .program("opt/sdk/sbin/ldconfig", ElfBuilder.x86_64().callsVsyscall(0x400))
            .program("opt/sdk/sbin/sln", ElfBuilder.x86_64().callsVsyscall(0x400));

    assertThat(judge(layer).decision()).isEqualTo(Decision.COMPATIBLE);
  }

  @Test
  void aStaticProgramIsJudgedByItsOwnCodeWithNoLibraryAndNoRelease() {
    LayerBuilder layer =
        new LayerBuilder()
            .program("busybox", ElfBuilder.x86_64().callsVsyscall(0x400).callsVsyscall(0))
            .link("bin/sh", "/busybox");

    Verdict verdict = judge(layer);

    assertThat(verdict.decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    Finding finding = finding(verdict, "vsyscall-static");
    assertThat(finding.scope()).isEqualTo(Scope.START);
    assertThat(finding.evidence())
        .singleElement()
        .satisfies(
            e ->
                assertThat(e.detail())
                    .contains("statically linked", "2 call sites", "time, gettimeofday"));
  }

  @Test
  void aStaticProgramOfGlibc214IsAffectedThoughTheLibraryIsFine() {
    Verdict verdict =
        judge(
            base(ElfBuilder.glibc("2.14"))
                .program("sbin/ldconfig", ElfBuilder.x86_64().callsVsyscall(0x400)));

    assertThat(verdict.decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(rules(verdict)).containsExactly("vsyscall-static");
    assertThat(verdict.findings().get(0).scope()).isEqualTo(Scope.PATH);
  }

  @Test
  void addressesThatAreNotCalledProveNothing() {
    LayerBuilder layer =
        base(ElfBuilder.glibc("2.31"))
            .program(
                "usr/bin/static",
                ElfBuilder.x86_64()
                    .text("glibc 2.13")
                    .code(0x48, 0xc7, 0xc0, 0x00, 0x00, 0x60, 0xff, 0x48, 0x89, 0xe5))
            .program(
                "usr/bin/go",
                ElfBuilder.x86_64().code(0, 0, 0x60, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xd0));

    assertThat(judge(layer).decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(judge(layer).findings()).isEmpty();
  }

  @Test
  void aStaticProgramWhoseCodeCannotBeReadIsJudgedByItsString() {
    LayerBuilder old =
        new LayerBuilder().program("bin/sh", ElfBuilder.x86_64().text("glibc 2.13").beyond(64));
    LayerBuilder recent =
        new LayerBuilder().program("bin/sh", ElfBuilder.x86_64().text("glibc 2.31").beyond(64));

    assertThat(judge(old).decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(rules(judge(old))).contains("vsyscall-static-glibc");
    assertThat(rules(judge(recent))).containsExactly("vsyscall-unread");
  }

  @Test
  void aSysrootThatNothingLoadsIsInertAndSaysSo() {
    Verdict verdict =
        judge(
            base(ElfBuilder.glibc("2.31"))
                .program("opt/sdk/sysroot/lib64/libc.so.6", ElfBuilder.glibc("2.5"))
                .program("opt/sdk/sysroot/bin/ls", ElfBuilder.glibcProgram()));

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    Finding finding = finding(verdict, "vsyscall-dynamic");
    assertThat(finding.scope()).isEqualTo(Scope.INERT);
    assertThat(finding.decides()).isFalse();
    assertThat(finding.remedies()).isEmpty();
    assertThat(finding.evidence().get(0).path()).isEqualTo("/opt/sdk/sysroot/lib64/libc.so.6");
  }

  @Test
  void aSysrootThatAProgramLoadsByItsRunpathOrItsLoaderCounts() {
    LayerBuilder byRunpath =
        base(ElfBuilder.glibc("2.31"))
            .program("opt/sdk/sysroot/lib64/libc.so.6", ElfBuilder.glibc("2.5"))
            .program(
                "opt/sdk/bin/cc", ElfBuilder.glibcProgram().runpath("$ORIGIN/../sysroot/lib64"));
    LayerBuilder byLoader =
        base(ElfBuilder.glibc("2.31"))
            .program("opt/sdk/lib/libc.so.6", ElfBuilder.glibc("2.5"))
            .program(
                "opt/sdk/lib/ld-2.5.so", ElfBuilder.x86_64().sharedObject("ld-linux-x86-64.so.2"))
            .program(
                "opt/sdk/bin/cc",
                ElfBuilder.x86_64().interpreter("/opt/sdk/lib/ld-2.5.so").needed("libc.so.6"));

    for (LayerBuilder layer : List.of(byRunpath, byLoader)) {
      Verdict verdict = judge(layer);

      assertThat(verdict.decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
      Finding finding = finding(verdict, "vsyscall-dynamic");
      assertThat(finding.scope()).isEqualTo(Scope.ANY);
      assertThat(finding.evidence())
          .extracting(Evidence::path)
          .contains("/opt/sdk/bin/cc")
          .doesNotContain("/lib64/libc.so.6");
    }
  }

  @Test
  void dashStartsAndBashDiesAndTheWordsSaySo() {
    LayerBuilder debian =
        base(ElfBuilder.glibc("2.11.3"))
            .program("bin/dash", ElfBuilder.glibcProgram().imports("printf", "times"))
            .link("bin/sh", "dash");

    Verdict verdict = judge(debian);

    assertThat(verdict.decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    Finding finding = finding(verdict, "vsyscall-dynamic");
    assertThat(finding.summary()).contains("/bin/sh starts, but bash dies");
    assertThat(finding.evidence())
        .extracting(Evidence::detail)
        .contains(
            "is what /bin/sh starts; loads /lib64/libc.so.6",
            "is what bash starts; loads /lib64/libc.so.6 and imports time");
    assertThat(finding.chain())
        .containsSubsequence(
            "builds are started through bash",
            "bash is found on the PATH: /bin/bash",
            "/bin/bash imports time",
            "/lib64/libc.so.6 is glibc 2.11.3 (banner); 2 call sites of the vsyscall page: time,"
                + " getcpu");
    assertThat(finding.chain().get(finding.chain().size() - 1))
        .contains("kata 1.0–3.24", "vsyscall=emulate");
  }

  @Test
  void rhelsShellDiesAtOnceAndTheWordsSaySo() {
    assertThat(finding(judge(base(ElfBuilder.glibc("2.12"))), "vsyscall-dynamic").summary())
        .contains("/bin/sh and bash die with SIGSEGV (exit code 139)");
  }

  @Test
  void whatIsNotKnownOfTheShellIsNotSaid() {
    LayerBuilder stripped =
        new LayerBuilder()
            .program("bin/sh", ElfBuilder.glibcProgram())
            .program("lib64/libc.so.6", ElfBuilder.glibc("2.12"));

    assertThat(finding(judge(stripped), "vsyscall-dynamic").summary())
        .doesNotContain("starts", "dies")
        .contains("1 program loads it");
  }

  @Test
  void aSharedObjectWithCallsInforms() {
    Verdict verdict =
        judge(
            base(ElfBuilder.glibc("2.31"))
                .program(
                    "opt/lib/libclock.so",
                    ElfBuilder.x86_64().sharedObject("libclock.so").callsVsyscall(0x400)));

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(rules(verdict)).containsExactly("vsyscall-library");
  }

  @Test
  void aDynamicProgramWithCallsOfItsOwnCounts() {
    Verdict verdict =
        judge(
            base(ElfBuilder.glibc("2.31"))
                .program("usr/bin/go1.0", ElfBuilder.glibcProgram().callsVsyscall(0)));

    assertThat(verdict.decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(rules(verdict)).containsExactly("vsyscall-static");
  }

  @Test
  void otherMachinesHaveNoSuchPage() {
    LayerBuilder i386 =
        new LayerBuilder()
            .program("bin/sh", ElfBuilder.i386().interpreter(LOADER).needed("libc.so.6"))
            .program(
                "lib/libc.so.6",
                ElfBuilder.i386()
                    .sharedObject("libc.so.6")
                    .text("GNU C Library stable release version 2.3.6, by"));

    assertThat(rules(on(Platform.parse("linux/386"), i386)))
        .doesNotContain("vsyscall-glibc", "vsyscall-dynamic", "vsyscall-patched");
  }

  @Test
  void aLibraryAloneInforms() {
    Verdict verdict =
        judge(new LayerBuilder().program("lib64/libc.so.6", ElfBuilder.glibc("2.12")));

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(finding(verdict, "vsyscall-dynamic").scope()).isEqualTo(Scope.LIBRARY);
  }

  @Test
  void aStaticEntrypointDoesNotSpeakForTheShell() {
    LayerBuilder layer =
        new LayerBuilder()
            .program("bin/sh", ElfBuilder.glibcProgram())
            .program("tini", ElfBuilder.x86_64())
            .text("etc/redhat-release", "CentOS release 6.8 (Final)\n");

    Verdict verdict = Verdicts.starting(layer, "/tini");

    assertThat(verdict.decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(rules(verdict)).contains("rhel6-family");
  }
}
