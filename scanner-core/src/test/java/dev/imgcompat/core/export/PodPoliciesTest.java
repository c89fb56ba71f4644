package dev.imgcompat.core.export;

import static dev.imgcompat.core.testing.ReportBuilder.digestOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.export.AdmissionChain.Refused;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What the policies of both forms do with pods, as an API server would evaluate them. */
class PodPoliciesTest {
  private static final String LATIN = "docker.io/library/old32:1.0";
  private static final String HEX = digestOf("old32:1.0").value();
  private static final Map<String, Map<String, Object>> CLASSES =
      Map.of(
          "kata", Map.of("cpu", "250m"),
          "kata-vsyscall", Map.of("cpu", "300m"),
          "kata-init", Map.of("cpu", "250m"),
          "kata-init-vsyscall", Map.of("cpu", "350m"),
          "runc", Map.of(),
          "gvisor", Map.of());

  /** Both forms. */
  enum Policies {
    ADMISSION,
    KYVERNO;

    ListForm form() {
      return this == ADMISSION ? new AdmissionPolicies() : new KyvernoPolicies();
    }

    String text(Report report, ExportOptions options) throws ExportException {
      return form()
          .files(ExportInput.of(Selection.of(List.of(report), options), options))
          .get(0)
          .text();
    }

    AdmissionChain cluster(Report report, ExportOptions options) throws ExportException {
      return new AdmissionChain(text(report, options), CLASSES);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySpellingOfAnExcludedImageIsRefused(Policies policies) throws Exception {
    AdmissionChain cluster = policies.cluster(report(), ExportOptions.DEFAULT);
    for (String image :
        List.of(
            "old32:1.0",
            "library/old32:1.0",
            "docker.io/old32:1.0",
            "docker.io/library/old32:1.0",
            "index.docker.io/library/old32:1.0",
            "old32@" + HEX,
            "old32:1.0@" + HEX,
            "old32:other@" + HEX,
            "docker.io/library/old32:1.0@" + HEX,
            "registry.example:5000/team/legacy:2",
            "registry.example:5000/team/legacy@" + digestOf("registry.example:5000/team/legacy:2"),
            "latest32",
            "latest32:latest")) {
      assertThatThrownBy(() -> cluster.create(pod("kata", image)))
          .as(image)
          .isInstanceOf(Refused.class)
          .hasMessageContaining("cannot run " + image + " (ia32-program)");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNearlyAnExcludedImagePasses(Policies policies) throws Exception {
    AdmissionChain cluster = policies.cluster(report(), ExportOptions.DEFAULT);
    for (String image :
        List.of(
            "old32:1.00",
            "old32:1.1",
            "old32:1x0",
            "old32",
            "old32:latest",
            "old32@" + digestOf("another"),
            "old32:1.0@" + digestOf("another"),
            "old322:1.0",
            "xold32:1.0",
            "team/old32:1.0",
            "quay.io/library/old32:1.0",
            "registry.example:5000/old32:1.0",
            "registry.example/team/legacy:2",
            "registry.example:5000/team/legacy:20",
            "evil.example/registry.example:5000/team/legacy:2",
            "modern:1",
            "never/scanned",
            "latest32:1",
            "centos:7")) {
      assertThat(runtimeClass(cluster.create(pod("kata", image)))).as(image).isEqualTo("kata");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExcludedImageOfAnyContainerIsFound(Policies policies) throws Exception {
    AdmissionChain cluster = policies.cluster(report(), ExportOptions.DEFAULT);
    for (String containers : List.of("containers", "initContainers", "ephemeralContainers")) {
      Map<String, Object> pod = pod("kata", "modern:1", "modern:1");
      add(pod, containers, "old32:1.0");
      assertThatThrownBy(() -> cluster.create(pod)).as(containers).isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void podsOfOtherRuntimeClassesAreLeftAlone(Policies policies) throws Exception {
    AdmissionChain cluster =
        policies.cluster(report(), withFallback(Optional.of("runc"), ExportOptions.DEFAULT));
    assertThat(runtimeClass(cluster.create(pod("gvisor", "old32:1.0")))).isEqualTo("gvisor");
    assertThat(runtimeClass(cluster.create(pod("runc", "centos:6.8")))).isEqualTo("runc");
    assertThat(spec(cluster.create(pod(null, "old32:1.0")))).doesNotContainKey("runtimeClassName");
  }

  @ParameterizedTest
  @EnumSource
  void aPodWithAnExcludedImageIsMovedToTheFallbackWithoutTheOldOverhead(Policies policies)
      throws Exception {
    AdmissionChain cluster =
        policies.cluster(report(), withFallback(Optional.of("runc"), ExportOptions.DEFAULT));
    Map<String, Object> pod = cluster.create(pod("kata", "modern:1", "old32:1.0"));
    assertThat(runtimeClass(pod)).isEqualTo("runc");
    assertThat(spec(pod)).doesNotContainKey("overhead");
    assertThat(runtimeClass(cluster.create(pod("kata-vsyscall", "old32:1.0")))).isEqualTo("runc");
  }

  @ParameterizedTest
  @EnumSource
  void aPodWhoseImageNeedsParametersGetsTheirClassAndItsOverhead(Policies policies)
      throws Exception {
    AdmissionChain cluster = policies.cluster(report(), ExportOptions.DEFAULT);
    for (String image :
        List.of("centos:6.8", "docker.io/library/centos:6.8", "centos@" + digestOf("centos:6.8"))) {
      Map<String, Object> pod = cluster.create(pod("kata", image, "modern:1"));
      assertThat(runtimeClass(pod)).as(image).isEqualTo("kata-vsyscall");
      assertThat(spec(pod)).containsEntry("overhead", CLASSES.get("kata-vsyscall"));
    }
    assertThat(runtimeClass(cluster.create(pod("kata-vsyscall", "centos:6.8"))))
        .isEqualTo("kata-vsyscall");
    assertThat(runtimeClass(cluster.create(pod("kata-vsyscall", "modern:1"))))
        .isEqualTo("kata-vsyscall");
  }

  @ParameterizedTest
  @EnumSource
  void imagesWithDifferentParametersGetTheClassThatHasBoth(Policies policies) throws Exception {
    Report both =
        ReportBuilder.on("kata:3.19")
            .needsVsyscall("centos:6.8")
            .slow("centos:7")
            .needsVsyscallAndIsSlow("centos:6.9")
            .build();
    AdmissionChain cluster = policies.cluster(both, withAdvice());
    assertThat(runtimeClass(cluster.create(pod("kata", "centos:7")))).isEqualTo("kata-init");
    assertThat(runtimeClass(cluster.create(pod("kata", "centos:6.8", "centos:7"))))
        .isEqualTo("kata-init-vsyscall");
    assertThat(runtimeClass(cluster.create(pod("kata-init-vsyscall", "centos:6.8"))))
        .as("a class with more than is needed stays")
        .isEqualTo("kata-init-vsyscall");
  }

  @ParameterizedTest
  @EnumSource
  void imagesWithDifferentParametersThatNoClassHasAreRefusedOrMoved(Policies policies)
      throws Exception {
    Report apart =
        ReportBuilder.on("kata:3.19").needsVsyscall("centos:6.8").slow("centos:7").build();
    AdmissionChain cluster = policies.cluster(apart, withAdvice());
    assertThatThrownBy(() -> cluster.create(pod("kata", "centos:6.8", "centos:7")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("none has them all: kata-vsyscall, kata-init");
    AdmissionChain falling =
        policies.cluster(apart, withFallback(Optional.of("runc"), withAdvice()));
    assertThat(runtimeClass(falling.create(pod("kata", "centos:6.8", "centos:7"))))
        .isEqualTo("runc");
  }

  @ParameterizedTest
  @EnumSource
  void anUpdateIsJudgedByTheImagesThatItBringsOnly(Policies policies) throws Exception {
    AdmissionChain cluster = policies.cluster(report(), ExportOptions.DEFAULT);
    Map<String, Object> listedSince = pod("kata", "old32:1.0");
    cluster.update(listedSince, listedSince);
    Map<String, Object> debugged = pod("kata", "modern:1");
    add(debugged, "ephemeralContainers", "old32:1.0");
    assertThatThrownBy(() -> cluster.update(pod("kata", "modern:1"), debugged))
        .isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @EnumSource
  void guestsThatHaveTheParametersRunWhatNeedsThem(Policies policies) throws Exception {
    ExportOptions options =
        new ExportOptions(
            Optional.empty(),
            ExportOptions.DEFAULT.platforms(),
            true,
            true,
            false,
            RouterSetup.DEFAULT,
            GuestSetup.DEFAULT);
    Report unversioned =
        ReportBuilder.on("kata").needsVsyscall("centos:6.8").excluded("old32:1.0").build();
    AdmissionChain cluster = policies.cluster(unversioned, options);
    assertThat(runtimeClass(cluster.create(pod("kata", "centos:6.8")))).isEqualTo("kata");
    assertThatThrownBy(() -> cluster.create(pod("kata", "old32:1.0"))).isInstanceOf(Refused.class);
    assertThat(policies.text(unversioned, options)).doesNotContain("Mutating");
  }

  @ParameterizedTest
  @EnumSource
  void parametersAreSetForAKnownVersionOnly(Policies policies) {
    Report unversioned = ReportBuilder.on("kata").needsVsyscall("centos:6.8").build();
    assertThatThrownBy(() -> policies.text(unversioned, ExportOptions.DEFAULT))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("--runtime kata:VERSION");
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyListRefusesNothing(Policies policies) throws Exception {
    Report none = ReportBuilder.on("kata").compatible("modern:1").build();
    AdmissionChain cluster =
        policies.cluster(none, withFallback(Optional.of("runc"), ExportOptions.DEFAULT));
    assertThat(runtimeClass(cluster.create(pod("kata", "old32:1.0")))).isEqualTo("kata");
  }

  @ParameterizedTest
  @EnumSource
  void aReportThatIsNotOursCannotAddALine(Policies policies) throws Exception {
    Report hostile =
        ReportBuilder.on("kata")
            .image(
                "old32:1.0",
                Decision.EXCLUDED,
                List.of(),
                renamed("x\nexcluded - ^.*$", ReportBuilder.program32()))
            .build();
    AdmissionChain cluster = policies.cluster(hostile, ExportOptions.DEFAULT);
    assertThat(runtimeClass(cluster.create(pod("kata", "modern:1")))).isEqualTo("kata");
    assertThatThrownBy(() -> cluster.create(pod("kata", "old32:1.0"))).isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @EnumSource
  void aListThatIsTooLongForOneConfigMapIsSplitAndStillHoldsEverything(Policies policies)
      throws Exception {
    ReportBuilder many = ReportBuilder.on("kata:3.19").needsVsyscall("centos:6.8");
    for (int i = 0; i < 100; i++) {
      for (int tag = 0; tag < 600; tag++) {
        many.excluded("registry.example/team/image" + i + ":1." + tag);
      }
    }
    ExportOptions options = withFallback(Optional.of("runc"), ExportOptions.DEFAULT);
    String text = policies.text(many.build(), options);
    List<JsonNode> maps =
        PatternLists.documents(text).stream()
            .filter(d -> d.path("kind").asString().equals("ConfigMap"))
            .toList();
    assertThat(maps.size()).isEqualTo(2);
    for (JsonNode map : maps) {
      assertThat(map.path("data").valueStream().mapToInt(v -> v.asString().length()).sum())
          .isLessThan(1 << 20);
    }
    AdmissionChain cluster = new AdmissionChain(text, CLASSES);
    for (int i = 0; i < 100; i += 33) {
      Map<String, Object> pod =
          pod("kata", "centos:6.8", "registry.example/team/image" + i + ":1.599");
      assertThat(runtimeClass(cluster.create(pod))).isEqualTo("runc");
      assertThat(runtimeClass(cluster.inOtherOrder().create(pod))).isEqualTo("runc");
    }
    assertThat(runtimeClass(cluster.create(pod("kata", "centos:6.8")))).isEqualTo("kata-vsyscall");
    assertThat(text.equals(policies.text(many.build(), options))).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadBack(Policies policies) throws Exception {
    Listing listing =
        policies.form().read(policies.text(report(), ExportOptions.DEFAULT), ExportOptions.DEFAULT);
    assertThat(listing.foreign()).isEmpty();
    assertThat(listing.places())
        .containsEntry(Placements.name(LATIN).orElseThrow(), Listing.EXCLUDED)
        .containsEntry(
            Placements.name("docker.io/library/centos:6.8").orElseThrow(), ReportBuilder.VSYSCALL)
        .hasSize(8);
  }

  @ParameterizedTest
  @EnumSource
  void aFileWithoutImagesIsNotRead(Policies policies) {
    assertThatThrownBy(() -> policies.form().read("a: b", ExportOptions.DEFAULT))
        .isInstanceOf(ExportException.class);
  }

  @ParameterizedTest
  @EnumSource
  void nobodyIsMovedWithoutAClassToFallBackTo(Policies policies) throws Exception {
    Report excluding = ReportBuilder.on("kata").excluded("old32:1.0").build();
    assertThat(policies.text(excluding, ExportOptions.DEFAULT)).doesNotContain("JSONPatch");
    assertThat(policies.text(excluding, withFallback(Optional.of("runc"), ExportOptions.DEFAULT)))
        .contains("JSONPatch");
  }

  private static Report report() {
    return ReportBuilder.on("kata:3.19")
        .excluded("old32:1.0")
        .excluded("registry.example:5000/team/legacy:2")
        .excluded("latest32")
        .needsVsyscall("centos:6.8")
        .slow("centos:7")
        .compatible("modern:1")
        .build();
  }

  private static Finding renamed(String rule, Finding finding) {
    return new Finding(
        rule,
        finding.scope(),
        finding.effect(),
        finding.decides(),
        finding.summary(),
        finding.evidence(),
        1,
        List.of(),
        finding.remedies(),
        finding.references());
  }

  private static ExportOptions withAdvice() {
    return new ExportOptions(
        Optional.empty(),
        ExportOptions.DEFAULT.platforms(),
        true,
        false,
        true,
        RouterSetup.DEFAULT,
        GuestSetup.DEFAULT);
  }

  private static ExportOptions withFallback(Optional<String> fallback, ExportOptions options) {
    GuestSetup guests = options.guests();
    return options.with(
        new GuestSetup(
            guests.runtimeClass(),
            fallback,
            guests.hypervisor(),
            guests.keptParams(),
            guests.nodeSelector(),
            guests.overhead()));
  }

  private static Map<String, Object> pod(String runtimeClass, String... images) {
    Map<String, Object> spec = new LinkedHashMap<>();
    if (runtimeClass != null) {
      spec.put("runtimeClassName", runtimeClass);
    }
    Map<String, Object> pod = new LinkedHashMap<>(Map.of("kind", "Pod"));
    pod.put("spec", spec);
    for (String image : images) {
      add(pod, "containers", image);
    }
    return pod;
  }

  @SuppressWarnings("unchecked")
  private static void add(Map<String, Object> pod, String containers, String image) {
    ((List<Object>) spec(pod).computeIfAbsent(containers, k -> new ArrayList<>()))
        .add(Map.of("name", "c", "image", image));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> spec(Map<String, Object> pod) {
    return (Map<String, Object>) pod.get("spec");
  }

  private static Object runtimeClass(Map<String, Object> pod) {
    return spec(pod).get("runtimeClassName");
  }
}
