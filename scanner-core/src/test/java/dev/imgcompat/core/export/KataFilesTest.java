package dev.imgcompat.core.export;

import static dev.imgcompat.core.testing.ReportBuilder.INIT;
import static dev.imgcompat.core.testing.ReportBuilder.VSYSCALL;
import static dev.imgcompat.core.testing.ReportBuilder.digestOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import tools.jackson.databind.JsonNode;

/** What gives guests their kernel parameters: drop-ins, runtime classes, annotations. */
class KataFilesTest {
  private static final ExportOptions WITH_ADVICE =
      new ExportOptions(
          Optional.empty(),
          ExportOptions.DEFAULT.platforms(),
          true,
          false,
          true,
          RouterSetup.DEFAULT,
          GuestSetup.DEFAULT);
  private static final Report REPORT =
      ReportBuilder.on("kata:3.19")
          .needsVsyscall("centos:6.8")
          .needsVsyscall("registry.example:5000/team/old:1")
          .slow("centos:7")
          .needsVsyscallAndIsSlow("centos:6.9")
          .excluded("old32:1.0")
          .compatible("modern:1")
          .build();

  @Test
  void eachSetOfParametersHasADropInForAHandlerOfItsOwn() throws Exception {
    List<ExportedFile> files = files(new KataDropIns(), REPORT, WITH_ADVICE);
    assertThat(files)
        .extracting(ExportedFile::path)
        .containsExactly(
            "kata-init/config.d/50-imgcompat.toml",
            "kata-init-vsyscall/config.d/50-imgcompat.toml",
            "kata-vsyscall/config.d/50-imgcompat.toml");
    assertThat(files)
        .extracting(KataFilesTest::kernelParams)
        .containsExactly(INIT, INIT + " " + VSYSCALL, VSYSCALL);
  }

  @Test
  void aDropInRepeatsTheParametersThatTheGuestsHaveAlready() throws Exception {
    GuestSetup kept =
        new GuestSetup(
            "kata",
            Optional.empty(),
            "clh",
            List.of("agent.log=debug", VSYSCALL, "quiet"),
            new TreeMap<>(),
            new TreeMap<>());
    ExportedFile file =
        files(
                new KataDropIns(),
                ReportBuilder.on("kata:3.19").needsVsyscall("centos:6.8").build(),
                ExportOptions.DEFAULT.with(kept))
            .get(0);
    TomlParseResult toml = Toml.parse(file.text());
    assertThat(toml.errors()).isEmpty();
    assertThat(toml.getString("hypervisor.clh.kernel_params"))
        .isEqualTo("agent.log=debug " + VSYSCALL + " quiet");
  }

  @Test
  void aDropInSaysHowManyImagesNeedItAndForWhichVersionsItHolds() throws Exception {
    String text = files(new KataDropIns(), REPORT, WITH_ADVICE).get(2).text();
    assertThat(text)
        .startsWith("# imgcompat: drop-in of Kata's configuration for kata:3.19\n")
        .contains("2 images need vsyscall=emulate", "kata 1.0–3.24", "replaces the kernel_params")
        .doesNotContain("centos");
  }

  @Test
  void withoutNeedTheDropInIsEmptyTomlThatSaysSo() throws Exception {
    List<ExportedFile> files =
        files(
            new KataDropIns(),
            ReportBuilder.on("kata:3.19").compatible("modern:1").build(),
            ExportOptions.DEFAULT);
    assertThat(files).hasSize(1);
    assertThat(files.get(0).text()).contains("no image needs parameters");
    assertThat(Toml.parse(files.get(0).text()).isEmpty()).isTrue();
  }

  @Test
  void aRuntimeClassIsNamedAsItsHandlerAndSelectsNodesThatHaveIt() throws Exception {
    List<JsonNode> classes =
        PatternLists.documents(files(new RuntimeClasses(), REPORT, WITH_ADVICE).get(0).text());
    assertThat(classes)
        .extracting(c -> c.path("metadata").path("name").asString())
        .containsExactly("kata-init", "kata-init-vsyscall", "kata-vsyscall");
    assertThat(classes)
        .allSatisfy(
            c -> {
              assertThat(c.path("handler")).isEqualTo(c.path("metadata").path("name"));
              assertThat(c.path("overhead").path("podFixed").path("memory").asString())
                  .isEqualTo("160Mi");
              assertThat(
                      c.path("scheduling")
                          .path("nodeSelector")
                          .path("katacontainers.io/kata-runtime")
                          .asString())
                  .isEqualTo("true");
            });
  }

  @Test
  void aRuntimeClassThatKubernetesWouldRefuseIsNotWritten() {
    GuestSetup dotted =
        new GuestSetup(
            "kata.example.org",
            Optional.empty(),
            "qemu",
            List.of(),
            new TreeMap<>(),
            new TreeMap<>());
    assertThatThrownBy(
            () -> files(new RuntimeClasses(), REPORT, ExportOptions.DEFAULT.with(dotted)))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("kata.example.org-vsyscall");
  }

  @Test
  void annotationsComeWithTheImagesAndThePatternsThatTheyAreFor() throws Exception {
    JsonNode sets =
        PatternLists.yaml(files(new PodAnnotations(), REPORT, WITH_ADVICE).get(0).text())
            .path("sets");
    assertThat(sets.size()).isEqualTo(3);
    JsonNode vsyscall = sets.path(2);
    assertThat(vsyscall.path("name").asString()).isEqualTo("vsyscall");
    assertThat(
            vsyscall
                .path("annotations")
                .path("io.katacontainers.config.hypervisor.kernel_params")
                .asString())
        .isEqualTo(VSYSCALL);
    assertThat(PatternLists.texts(vsyscall.path("images"), "images"))
        .containsExactly("docker.io/library/centos:6.8", "registry.example:5000/team/old:1");
    List<String> patterns = PatternLists.texts(vsyscall.path("patterns"), "patterns");
    assertThat(found(patterns, "centos:6.8")).isTrue();
    assertThat(found(patterns, "centos:6.8@" + digestOf("centos:6.8"))).isTrue();
    assertThat(found(patterns, "registry.example:5000/team/old:1")).isTrue();
    assertThat(found(patterns, "centos:6.9")).isFalse();
    assertThat(found(patterns, "centos:6x8")).isFalse();
  }

  @Test
  void annotationsAreReadBackWithTheirParameters() throws Exception {
    PodAnnotations form = new PodAnnotations();
    Listing listing = form.read(files(form, REPORT, WITH_ADVICE).get(0).text(), WITH_ADVICE);
    assertThat(listing.foreign()).isEmpty();
    assertThat(listing.places())
        .hasSize(8)
        .containsEntry(Placements.name("centos:6.8").orElseThrow(), VSYSCALL)
        .containsEntry(Placements.name("centos:6.9").orElseThrow(), INIT + " " + VSYSCALL);
  }

  @Test
  void aFileThatIsNoAnnotationsIsNotReadAsOne() {
    assertThatThrownBy(() -> new PodAnnotations().read("[1]", ExportOptions.DEFAULT))
        .isInstanceOf(ExportException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kata-dropin", "runtimeclass", "pod-annotations"})
  void nothingSetsParametersForAnUnknownVersion(String format) {
    Report unversioned = ReportBuilder.on("kata").needsVsyscall("centos:6.8").build();
    Form form =
        switch (format) {
          case "kata-dropin" -> new KataDropIns();
          case "runtimeclass" -> new RuntimeClasses();
          default -> new PodAnnotations();
        };
    assertThatThrownBy(() -> files(form, unversioned, ExportOptions.DEFAULT))
        .isInstanceOf(ExportException.class)
        .hasMessageStartingWith(format);
  }

  private static String kernelParams(ExportedFile file) {
    TomlParseResult toml = Toml.parse(file.text());
    assertThat(toml.errors()).isEmpty();
    return String.valueOf(toml.getString("hypervisor.qemu.kernel_params"));
  }

  private static boolean found(List<String> patterns, String image) {
    return patterns.stream().anyMatch(p -> Pattern.compile(p).matcher(image).find());
  }

  private static List<ExportedFile> files(Form form, Report report, ExportOptions options)
      throws ExportException {
    return form.files(ExportInput.of(Selection.of(List.of(report), options), options));
  }
}
