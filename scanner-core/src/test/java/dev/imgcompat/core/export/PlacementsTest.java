package dev.imgcompat.core.export;

import static dev.imgcompat.core.testing.ReportBuilder.digestOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.export.Placements.Place;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacementsTest {
  private static final String HUB = "docker.io/library/";

  private static ReportBuilder kata() {
    return ReportBuilder.on("kata");
  }

  private static final Report ALL =
      kata()
          .needsVsyscallAndIsSlow("old:6")
          .compatible("clean:1")
          .slow("slow:7")
          .excluded("bits:32")
          .failed("gone:1")
          .build();

  private static ExportOptions options(boolean unknown, boolean has, boolean advice) {
    return new ExportOptions(
        Optional.empty(),
        PlatformRequest.DEFAULT,
        unknown,
        has,
        advice,
        RouterSetup.DEFAULT,
        GuestSetup.DEFAULT);
  }

  private static Placements placements(Report report, ExportOptions options, boolean byParameters)
      throws Exception {
    return Placements.of(Selection.of(List.of(report), options), options, byParameters);
  }

  private static List<String> excluded(Report report, ExportOptions options) throws Exception {
    return tags(placements(report, options, false), Place.EXCLUDED);
  }

  private static List<String> tags(Placements placements, Place place) {
    return placements.in(place).stream()
        .filter(n -> !n.isDigest())
        .map(n -> n.toString().replace(HUB, ""))
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
    assertThat(placements(ALL, options(true, true, false), true).sets()).isEmpty();
  }

  @Test
  void withParametersWhatNeedsThemHasAPlaceOfItsOwn() throws Exception {
    Placements placements = placements(ALL, ExportOptions.DEFAULT, true);

    assertThat(tags(placements, Place.EXCLUDED)).containsExactly("bits:32", "gone:1");
    assertThat(placements.sets().keySet())
        .containsExactly(new ParameterSet(List.of(ReportBuilder.VSYSCALL)));
    assertThat(tags(placements, Place.WITH_PARAMS)).containsExactly("old:6");
    assertThat(tags(placements, Place.RUNS)).containsExactly("clean:1", "slow:7");
  }

  @Test
  void adviceCountsOnlyWhereItIsAskedFor() throws Exception {
    Placements placements = placements(ALL, options(true, false, true), true);

    assertThat(placements.sets().keySet())
        .extracting(ParameterSet::text)
        .containsExactly("init=/usr/bin/kata-agent", "init=/usr/bin/kata-agent vsyscall=emulate");
    assertThat(tags(placements, Place.WITH_PARAMS)).containsExactly("old:6", "slow:7");
  }

  @Test
  void anImageIsNamedByTagAndDigestAndTheDigestOfItsIndex() throws Exception {
    Report report = kata().index(digestOf("index")).excluded("a:1").build();

    assertThat(placements(report, ExportOptions.DEFAULT, false).in(Place.EXCLUDED))
        .extracting(ImageName::toString)
        .containsExactlyInAnyOrder(
            HUB + "a:1", HUB + "a@" + digestOf("a:1"), HUB + "a@" + digestOf("index"));
  }

  @Test
  void anImageThatWasAskedForByDigestIsNotNamedByTag() throws Exception {
    Report report = kata().excluded("a:1@" + digestOf("x")).build();

    assertThat(excluded(report, ExportOptions.DEFAULT)).isEmpty();
    assertThat(placements(report, ExportOptions.DEFAULT, false).all())
        .containsKey(ImageName.digested("docker.io", "library/a", digestOf("x")));
  }

  @Test
  void whatIsInNoRegistryHasNoName() throws Exception {
    Report report = kata().excluded("oci:images:a").excluded("docker-daemon:a:1").build();
    Placements placements = placements(report, ExportOptions.DEFAULT, false);

    assertThat(placements.all()).isEmpty();
    assertThat(placements.elsewhere()).hasSize(2);
  }

  @Test
  void theNewestScanOfAnImageCounts() throws Exception {
    Report report =
        kata()
            .at("2026-01-02T00:00:00Z")
            .compatible("a:1")
            .failed("b:1")
            .compatible("c:1")
            .at("2026-01-01T00:00:00Z")
            .excluded("a:1")
            .compatible("b:1")
            .failed("c:1")
            .build();

    assertThat(excluded(report, ExportOptions.DEFAULT)).containsExactly("b:1");
  }

  @Test
  void aScanThatFailsDoesNotHideWhatWasProvenBefore() throws Exception {
    Report report =
        kata()
            .at("2026-01-01T00:00:00Z")
            .excluded("a:1")
            .at("2026-01-02T00:00:00Z")
            .failed("a:1")
            .build();

    assertThat(excluded(report, options(false, false, false))).containsExactly("a:1");
  }

  @Test
  void aScanThatFailsDoesNotHideThatParametersAreNeeded() throws Exception {
    Report report =
        kata()
            .at("2026-01-01T00:00:00Z")
            .needsVsyscall("a:1")
            .platform("linux/386")
            .excluded("b:1")
            .platform("linux/amd64")
            .compatible("b:1")
            .at("2026-01-02T00:00:00Z")
            .failed("a:1")
            .failed("b:1")
            .build();

    assertThat(excluded(report, options(false, false, false))).containsExactly("a:1");
    assertThat(tags(placements(report, options(false, false, false), true), Place.WITH_PARAMS))
        .containsExactly("a:1");
  }

  @Test
  void platformThatIsNoneMatchesNone() throws Exception {
    Report report = kata().platform("linux/<b>\u0000").excluded("a:1").build();

    assertThat(
            excluded(
                report,
                onPlatforms(options(false, false, false), PlatformRequest.parse("linux/amd64"))))
        .isEmpty();
    assertThat(excluded(report, options(false, false, false))).containsExactly("a:1");
  }

  @Test
  void imagesOfOtherPlatformsAreKnownByTheirDigests() throws Exception {
    Report report =
        kata()
            .index(digestOf("index"))
            .digest(digestOf("amd64"))
            .compatible("a:1")
            .platform("linux/386")
            .index(digestOf("index"))
            .digest(digestOf("386"))
            .excluded("a:1")
            .build();

    assertThat(placements(report, ExportOptions.DEFAULT, false).in(Place.EXCLUDED))
        .extracting(ImageName::toString)
        .containsExactly(HUB + "a@" + digestOf("386"));
  }

  @Test
  void aReferenceWithoutTheWantedPlatformIsTold() throws Exception {
    assertThat(
            ExportFormat.EXCLUSIONS
                .make(
                    List.of(ALL),
                    onPlatforms(ExportOptions.DEFAULT, PlatformRequest.parse("linux/arm64")))
                .warnings())
        .singleElement()
        .asString()
        .startsWith("4 references have no image for the platform");
  }

  @Test
  void theNewestScanOfADigestCountsUnderWhateverTagItWas() throws Exception {
    Report report =
        kata()
            .at("2026-01-01T00:00:00Z")
            .digest(digestOf("same"))
            .excluded("a:old")
            .at("2026-01-02T00:00:00Z")
            .digest(digestOf("same"))
            .compatible("a:new")
            .build();

    assertThat(placements(report, ExportOptions.DEFAULT, false).in(Place.EXCLUDED))
        .extracting(ImageName::toString)
        .containsExactly(HUB + "a:old");
  }

  @Test
  void ofSeveralPlatformsThatOfTheClusterCounts() throws Exception {
    Report report =
        kata()
            .compatible("a:1")
            .platform("linux/386")
            .excluded("a:1")
            .excluded("only386:1")
            .build();
    ExportOptions all = ExportOptions.DEFAULT;

    assertThat(excluded(report, ExportOptions.DEFAULT)).containsExactly("only386:1");
    assertThat(excluded(report, onPlatforms(all, PlatformRequest.ALL)))
        .containsExactly("a:1", "only386:1");
    assertThat(excluded(report, onPlatforms(all, PlatformRequest.parse("linux/amd64")))).isEmpty();
  }

  private static ExportOptions onPlatforms(ExportOptions options, PlatformRequest platforms) {
    return new ExportOptions(
        options.runtime(), platforms, true, false, false, options.router(), options.guests());
  }

  @Test
  void ofTwoPlatformsThatNeedDifferentParametersBothCount() throws Exception {
    Report report =
        kata()
            .needsVsyscall("a:1")
            .platform("linux/arm64")
            .image("a:1", Decision.NEEDS_KERNEL_PARAMS, List.of("other=1"))
            .build();

    assertThat(
            placements(report, onPlatforms(ExportOptions.DEFAULT, PlatformRequest.ALL), true)
                .all()
                .get(ImageName.tagged("docker.io", "library/a", "1"))
                .parameters())
        .map(ParameterSet::text)
        .contains("other=1 vsyscall=emulate");
  }

  @Test
  void severalRuntimesNeedAChoice() throws Exception {
    List<Report> reports =
        List.of(
            kata().excluded("a:1").build(), ReportBuilder.on("gvisor").compatible("a:1").build());

    assertThatThrownBy(() -> Selection.of(reports, ExportOptions.DEFAULT))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("gvisor, kata");
  }

  @Test
  void capitalsThatTheRouterCannotTellAreFound() throws Exception {
    Report report =
        kata().excluded("a:V1").compatible("a:v1").excluded("b:V1").excluded("b:v1").build();

    assertThat(placements(report, ExportOptions.DEFAULT, true).sameToRouter())
        .singleElement()
        .satisfies(
            same ->
                assertThat(same)
                    .extracting(ImageName::toString)
                    .containsExactly(HUB + "a:V1", HUB + "a:v1"));
  }

  @Test
  void whatIsTwoThingsToTheRouterNeedsNoSetOfParameters() throws Exception {
    Report report =
        kata()
            .excluded("a:V1")
            .needsVsyscall("a:v1")
            .needsVsyscall("b:V1")
            .compatible("b:v1")
            .build();

    assertThat(
            placements(report, ExportOptions.DEFAULT, true)
                .setsForRouter()
                .get(new ParameterSet(List.of(ReportBuilder.VSYSCALL))))
        .extracting(ImageName::toString)
        .contains(HUB + "b:V1", HUB + "a@" + digestOf("a:v1"))
        .doesNotContain(HUB + "a:v1");
  }

  @Test
  void aParameterCannotBreakOutOfAConfiguration() {
    Report report =
        kata().image("a:1", Decision.NEEDS_KERNEL_PARAMS, List.of("x\"\nkernel = \"evil")).build();

    assertThatThrownBy(() -> placements(report, ExportOptions.DEFAULT, true))
        .isInstanceOf(ExportException.class);
  }

  @Test
  void aSetOfParametersIsCalledTheSameWhateverElseThereIs() {
    assertThat(new ParameterSet(List.of("vsyscall=emulate")).name()).isEqualTo("vsyscall");
    assertThat(new ParameterSet(List.of("vsyscall=emulate", "init=/usr/bin/kata-agent")).name())
        .isEqualTo("init-vsyscall");
    assertThat(new ParameterSet(List.of("vsyscall=xonly")).name()).isEqualTo("vsyscall-xonly");
    assertThat(new ParameterSet(List.of("a=b/c")).name())
        .isNotEqualTo(new ParameterSet(List.of("a=b.c")).name())
        .matches("[a-z0-9-]{1,40}");
  }
}
