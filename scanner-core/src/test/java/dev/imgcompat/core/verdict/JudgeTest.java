package dev.imgcompat.core.verdict;

import static dev.imgcompat.core.verdict.Verdicts.rules;
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
import dev.imgcompat.core.rules.RuleEngine;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import dev.imgcompat.core.testing.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {
  private static Verdict judge(String target, Policy policy, LayerBuilder... layers) {
    return judge(RulePack.builtIn(), target, policy, Platform.LINUX_AMD64, layers);
  }

  private static Verdict judge(
      RulePack pack, String target, Policy policy, Platform platform, LayerBuilder... layers) {
    List<LayerFacts> facts = Arrays.stream(layers).map(Layers::facts).toList();
    ImageFacts merged = ImageMerger.merge(ImageConfig.bare(platform), facts);
    return new Judge(new RuleEngine(pack, policy))
        .judge(merged, i -> i < 0 ? Optional.empty() : facts.get(i).digest(), pack.target(target));
  }

  private static Verdict onKata(LayerBuilder... layers) {
    return judge("kata", Policy.ANY, layers);
  }

  @Test
  void aModernImageIsCompatible() {
    Verdict verdict = onKata(Samples.debian12());

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(verdict.findings()).isEmpty();
  }

  @Test
  void anOldGlibcNeedsTheParameterWithEvidenceAndRemedy() {
    LayerBuilder layer = Samples.oldGlibc();
    Verdict verdict = onKata(layer);

    assertThat(verdict.decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(verdict.kernelParams()).containsExactly("vsyscall=emulate");
    Finding finding = verdict.findings().get(0);
    assertThat(finding.rule()).isEqualTo("vsyscall-dynamic");
    assertThat(finding.scope()).isEqualTo(Scope.START);
    assertThat(finding.evidence())
        .extracting(e -> e.path())
        .contains("/lib64/libc-2.12.so", "/bin/bash");
    assertThat(finding.evidence()).allSatisfy(e -> assertThat(e.layer()).isPresent());
    assertThat(finding.remedies().get(0).holdsFor()).contains("kata 1.0–3.24");
    assertThat(finding.references()).isNotEmpty();
    assertThat(verdict.notes()).anySatisfy(n -> assertThat(n).contains("3.25–4.1", "EXCLUDED"));
  }

  @Test
  void whereTheParameterIsIgnoredTheImageIsExcluded() {
    assertThat(judge("kata:3.25", Policy.ANY, Samples.oldGlibc()).decision())
        .isEqualTo(Decision.EXCLUDED);
    assertThat(judge("kata:3.24", Policy.ANY, Samples.oldGlibc()).decision())
        .isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(judge("gvisor", Policy.ANY, Samples.oldGlibc()).decision())
        .isEqualTo(Decision.COMPATIBLE);
  }

  private static LayerBuilder withGlibc(String version) {
    return new LayerBuilder()
        .program("bin/sh", ElfBuilder.glibcProgram())
        .program("lib64/libc.so.6", ElfBuilder.glibc(version));
  }

  @Test
  void theReleaseOfRhel6IsTheTestOnlyWhereNothingStrongerIsKnown() {
    LayerBuilder releaseOnly =
        new LayerBuilder()
            .program("bin/sh", ElfBuilder.glibcProgram())
            .text("etc/redhat-release", "CentOS release 6.8 (Final)\n");
    LayerBuilder rebuilt =
        withGlibc("2.17").text("etc/redhat-release", "CentOS release 6.8 (Final)\n");

    assertThat(onKata(releaseOnly).decision()).isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(rules(onKata(Samples.oldGlibc()))).contains("vsyscall-dynamic", "rhel6-family");
    assertThat(onKata(rebuilt).decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(rules(onKata(rebuilt))).doesNotContain("rhel6-family");
  }

  @Test
  void a32BitProgramExcludesByPolicy() {
    LayerBuilder[] layers = {Samples.debian12(), Samples.buildTools()};

    assertThat(judge("kata", Policy.ANY, layers).decision()).isEqualTo(Decision.EXCLUDED);
    assertThat(judge("kata", Policy.PATH, layers).decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(judge("kata", Policy.START, layers).decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(judge("kata", Policy.START, layers).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.decides()).isFalse());
    assertThat(judge("kata", Policy.START, layers).notes())
        .contains("by policy, only findings of the scope START or a narrower one decide");
    assertThat(judge("kata", Policy.ANY, layers).notes()).isEmpty();
    assertThat(judge("runc-debian", Policy.ANY, layers).decision()).isEqualTo(Decision.COMPATIBLE);
  }

  @Test
  void librariesAndInertFilesOfClass32DoNotDecide() {
    Verdict verdict =
        onKata(
            Samples.debian12()
                .program("usr/lib32/libx.so", ElfBuilder.i386().sharedObject("libx.so"))
                .file("boot/kernel.img", 0644, ElfBuilder.i386().build())
                .file("x.o", 0755, ElfBuilder.i386().type(1).build()));

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(verdict.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.scope()).isEqualTo(Scope.LIBRARY);
              assertThat(f.evidenceCount()).isEqualTo(1);
            });
  }

  @Test
  void x32IsARuleOfItsOwn() {
    assertThat(rules(onKata(Samples.debian12().program("opt/x", ElfBuilder.x32()))))
        .containsExactly("x32-program");
  }

  @Test
  void armProgramsCountOnArmPlatformsOnly() {
    LayerBuilder firmware = new LayerBuilder().program("opt/fw", ElfBuilder.of(false, 40));
    RulePack pack = RulePack.builtIn();

    assertThat(onKata(Samples.debian12(), firmware).decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(
            judge(
                    pack,
                    "kata",
                    Policy.ANY,
                    Platform.parse("linux/arm64"),
                    new LayerBuilder().program("opt/fw", ElfBuilder.of(false, 40)))
                .decision())
        .isEqualTo(Decision.EXCLUDED);
  }

  @Test
  void oldRpmIsAdviceAndNeverDecides() {
    Verdict verdict =
        onKata(
            Samples.debian12()
                .program(
                    "usr/bin/rpm",
                    ElfBuilder.glibcProgram().needed("librpm.so.3").text("rpmpopt-4.11.3")));

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(verdict.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.effect()).isEqualTo(Effect.ADVICE);
              assertThat(f.kernelParams()).containsExactly("init=/usr/bin/kata-agent");
            });
  }

  @Test
  void anIncompleteScanIsNeverCompatible() {
    Verdict verdict = onKata(Samples.debian12().hardLink("x", "nowhere"));

    assertThat(verdict.decision()).isEqualTo(Decision.UNKNOWN);
    assertThat(verdict.notes()).anySatisfy(n -> assertThat(n).contains("incomplete", "/nowhere"));
  }

  @Test
  void whatIsProvenStaysExcludedInAnIncompleteScan() {
    Verdict verdict = onKata(Samples.debian12().hardLink("x", "nowhere"), Samples.buildTools());

    assertThat(verdict.decision()).isEqualTo(Decision.EXCLUDED);
    assertThat(verdict.notes()).anySatisfy(n -> assertThat(n).contains("incomplete"));
  }

  @Test
  void parametersThatTheGuestsHaveAreNotNeeded(@TempDir Path directory) throws Exception {
    String span = "[{label: all, available: false, kernelParams: [vsyscall=emulate]}]";
    Files.writeString(
        directory.resolve("mine.yaml"),
        "schemaVersion: 1\nruntimes:\n  - id: mine\n    title: mine\n"
            + "    kernelCommandLine: [quiet, vsyscall=emulate]\n    capabilities: {ia32: "
            + span
            + ", x32: "
            + span
            + ", aarch32: "
            + span
            + ", vsyscall: "
            + span
            + ", bounded-nofile: "
            + span
            + "}\n    references: [https://example.com]\n");
    RulePack pack = RulePack.load(Optional.of(directory));

    Verdict verdict = judge(pack, "mine", Policy.ANY, Platform.LINUX_AMD64, Samples.oldGlibc());

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(verdict.kernelParams()).isEmpty();
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.notes())
        .contains("the guests of mine have what vsyscall=emulate gives already");
  }
}
