package dev.imgcompat.core.verdict;

import static dev.imgcompat.core.verdict.Verdicts.config;
import static dev.imgcompat.core.verdict.Verdicts.facts;
import static dev.imgcompat.core.verdict.Verdicts.finding;
import static dev.imgcompat.core.verdict.Verdicts.judge;
import static dev.imgcompat.core.verdict.Verdicts.rules;
import static dev.imgcompat.core.verdict.Verdicts.starting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools, sizes and kernels that guests may not suit. */
class ToolVerdictTest {
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
                    Samples.debian12().program("usr/bin/docker", ElfBuilder.x86_64()), "/bin/sh")))
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
