package dev.imgcompat.core.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListsTest {
  private static final String VSYSCALL = "vsyscall=emulate";
  private static final String INIT = "init=/usr/bin/kata-agent";

  private static Report report(ImageReport... images) {
    return new Report(
        1, new Report.Tool("imgcompat", "1", "sha256:" + "0".repeat(64)), List.of(images));
  }

  private static Finding finding(String rule, Effect effect, String... params) {
    return new Finding(
        rule,
        Scope.START,
        effect,
        effect == Effect.DECIDES,
        "summary",
        List.of(),
        0,
        List.of(),
        List.of(
            new Remedy(List.of(params), Optional.of("kata 1.0–3.24"), Optional.empty()),
            new Remedy(List.of(), Optional.of("kata 1.0–4.1"), Optional.of("something else"))),
        List.of());
  }

  private static ImageReport image(
      String reference, String platform, String time, Verdict... verdicts) {
    boolean failed = verdicts[0].decision() == Decision.UNKNOWN;
    return new ImageReport(
        reference,
        "docker.io/library/" + reference,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        failed ? Optional.empty() : Optional.of(platform),
        time,
        Optional.empty(),
        List.of(verdicts),
        List.of(),
        failed ? Optional.of(new ScanError("not-found", "gone", "user", false)) : Optional.empty());
  }

  private static ImageReport image(String reference, Verdict verdict) {
    return image(reference, "linux/amd64", "2026-01-01T00:00:00Z", verdict);
  }

  private static Verdict compatible(Finding... findings) {
    return new Verdict("kata", Decision.COMPATIBLE, List.of(), List.of(findings), List.of());
  }

  private static Verdict needs(Finding... findings) {
    return new Verdict(
        "kata", Decision.NEEDS_KERNEL_PARAMS, List.of(VSYSCALL), List.of(findings), List.of());
  }

  private static Verdict excluded() {
    return new Verdict(
        "kata",
        Decision.EXCLUDED,
        List.of(),
        List.of(finding("ia32-program", Effect.DECIDES)),
        List.of());
  }

  private static final Finding OLD_GLIBC = finding("vsyscall-glibc", Effect.DECIDES, VSYSCALL);
  private static final Finding OLD_RPM = finding("rpm-descriptor-loop", Effect.ADVICE, INIT);

  private static final Report ALL =
      report(
          image("old:6", needs(OLD_GLIBC, OLD_RPM)),
          image("clean:1", compatible()),
          image("slow:7", compatible(OLD_RPM)),
          image("bits:32", excluded()),
          image("gone:1", Verdict.unknown("kata")));

  private static ExportOptions options(boolean unknown, boolean has, boolean advice) {
    return new ExportOptions(Optional.empty(), PlatformRequest.DEFAULT, unknown, has, advice);
  }

  private static List<String> excluded(Report report, ExportOptions options) throws Exception {
    return ExclusionList.of(List.of(report), options).images().stream()
        .map(ExclusionList.Entry::reference)
        .toList();
  }

  private static List<String> parameters(Report report, ExportOptions options) throws Exception {
    return KernelParamsList.of(List.of(report), options).sets().stream()
        .flatMap(s -> s.images().stream().map(i -> s.kernelParams() + " " + i.reference()))
        .toList();
  }

  @Test
  void whatCannotRunAsItIsIsExcludedByDefault() throws Exception {
    assertThat(excluded(ALL, ExportOptions.DEFAULT)).containsExactly("bits:32", "gone:1", "old:6");
  }

  @Test
  void unknownImagesMayBeAllowed() throws Exception {
    assertThat(excluded(ALL, options(false, false, false))).containsExactly("bits:32", "old:6");
  }

  @Test
  void guestsThatHaveTheParametersTakeWhatNeedsThem() throws Exception {
    assertThat(excluded(ALL, options(true, true, false))).containsExactly("bits:32", "gone:1");
  }

  @Test
  void anEntrySaysWhy() throws Exception {
    assertThat(ExclusionList.of(List.of(ALL), ExportOptions.DEFAULT).images())
        .extracting(e -> e.reference() + " " + e.decision() + " " + e.reasons())
        .containsExactly(
            "bits:32 EXCLUDED [ia32-program]",
            "gone:1 UNKNOWN [not-found]",
            "old:6 NEEDS_KERNEL_PARAMS [vsyscall-glibc]");
  }

  @Test
  void theTextHasAHeaderThatCountsAndOneReferenceALine() throws Exception {
    assertThat(ExclusionList.text(List.of(ALL), ExportOptions.DEFAULT).lines())
        .contains(
            "# 5 images: 2 COMPATIBLE, 1 NEEDS_KERNEL_PARAMS, 1 EXCLUDED, 1 UNKNOWN",
            "bits:32",
            "gone:1",
            "old:6")
        .filteredOn(line -> !line.startsWith("#"))
        .hasSize(3);
  }

  @Test
  void theParametersAreThoseThatImagesNeed() throws Exception {
    assertThat(parameters(ALL, ExportOptions.DEFAULT)).containsExactly("[vsyscall=emulate] old:6");
  }

  @Test
  void adviceCountsOnlyWhereItIsAskedFor() throws Exception {
    assertThat(parameters(ALL, options(true, false, true)))
        .containsExactly(
            "[init=/usr/bin/kata-agent] slow:7",
            "[init=/usr/bin/kata-agent, vsyscall=emulate] old:6");
    assertThat(KernelParamsList.text(List.of(ALL), options(true, false, true)))
        .contains(
            "old:6\tinit=/usr/bin/kata-agent vsyscall=emulate\n",
            "slow:7\tinit=/usr/bin/kata-agent\n",
            "# vsyscall=emulate: kata 1.0–3.24\n");
  }

  @Test
  void theNewestScanOfAnImageCounts() throws Exception {
    Report report =
        report(
            image("a:1", "linux/amd64", "2026-01-02T00:00:00Z", compatible()),
            image("a:1", "linux/amd64", "2026-01-01T00:00:00Z", excluded()),
            image("b:1", "linux/amd64", "2026-01-01T00:00:00Z", compatible()),
            image("b:1", "", "2026-01-02T00:00:00Z", Verdict.unknown("kata")),
            image("c:1", "", "2026-01-01T00:00:00Z", Verdict.unknown("kata")),
            image("c:1", "linux/amd64", "2026-01-02T00:00:00Z", compatible()));

    assertThat(excluded(report, ExportOptions.DEFAULT)).containsExactly("b:1");
  }

  @Test
  void ofSeveralPlatformsThatOfTheClusterCounts() throws Exception {
    Report report =
        report(
            image("a:1", "linux/amd64", "2026-01-01T00:00:00Z", compatible()),
            image("a:1", "linux/386", "2026-01-01T00:00:00Z", excluded()),
            image("only386:1", "linux/386", "2026-01-01T00:00:00Z", excluded()));

    assertThat(excluded(report, ExportOptions.DEFAULT)).containsExactly("only386:1");
    assertThat(
            excluded(
                report,
                new ExportOptions(Optional.empty(), PlatformRequest.ALL, true, false, false)))
        .containsExactly("a:1", "only386:1");
  }

  @Test
  void aPlatformThatIsAskedForLeavesOutAllOthers() throws Exception {
    Report report = report(image("only386:1", "linux/386", "2026-01-01T00:00:00Z", excluded()));

    assertThat(
            excluded(
                report,
                new ExportOptions(
                    Optional.empty(), PlatformRequest.parse("linux/amd64"), true, false, false)))
        .isEmpty();
  }

  @Test
  void ofTwoImagesOfOnePlatformTheWorseCounts() throws Exception {
    Report report =
        report(
            image("a:1", "linux/amd64", "2026-01-01T00:00:00Z", excluded()),
            image("a:1", "linux/amd64", "2026-01-01T00:00:00Z", compatible()));

    assertThat(excluded(report, ExportOptions.DEFAULT)).containsExactly("a:1");
  }

  @Test
  void severalRuntimesNeedAChoice() throws Exception {
    Verdict other = new Verdict("gvisor", Decision.COMPATIBLE, List.of(), List.of(), List.of());
    Report report = report(image("a:1", "linux/amd64", "2026-01-01T00:00:00Z", excluded(), other));

    assertThatThrownBy(() -> excluded(report, ExportOptions.DEFAULT))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("gvisor, kata");
    ExportOptions gvisor =
        new ExportOptions(Optional.of("gvisor"), PlatformRequest.DEFAULT, true, false, false);
    assertThat(excluded(report, gvisor)).isEmpty();
    assertThatThrownBy(() -> excluded(ALL, gvisor)).hasMessageContaining("--runtime gvisor");
  }

  @Test
  void noReportGivesAnEmptyList() throws Exception {
    assertThat(excluded(report(), ExportOptions.DEFAULT)).isEmpty();
    assertThat(ExclusionList.text(List.of(report()), ExportOptions.DEFAULT)).contains("# 0 images");
  }

  @Test
  void aReferenceCannotForgeALine() throws Exception {
    Report report = report(image("a:1\nevil:1", excluded()));

    assertThat(ExclusionList.text(List.of(report), ExportOptions.DEFAULT).lines())
        .doesNotContain("evil:1");
  }
}
