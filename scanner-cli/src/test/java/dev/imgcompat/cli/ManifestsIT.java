package dev.imgcompat.cli;

import static dev.imgcompat.core.testing.ReportBuilder.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.ExportedFile;
import dev.imgcompat.core.export.GuestSetup;
import dev.imgcompat.core.testing.NodeProject;
import dev.imgcompat.core.verdict.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Manifests against the schemas of Kubernetes and Kyverno, as npm packages ship them. These know
 * the type of every field, and which must be there; that there is no other they do not check.
 */
class ManifestsIT {
  private static final Report REPORT =
      on("kata:3.19")
          .needsVsyscall("centos:6.8")
          .needsVsyscallAndIsSlow("centos:6.9")
          .excluded("old32:1.0")
          .compatible("modern:1")
          .build();
  private static final Report NOTHING = on("kata:3.19").compatible("modern:1").build();

  @TempDir private Path directory;
  private NodeProject node;

  @BeforeEach
  void requireNode() {
    node = NodeProject.assumeInstalled();
  }

  @ParameterizedTest
  @CsvSource({
    "runtimeclass, RuntimeClass",
    "kyverno, Namespace ConfigMap ValidatingPolicy MutatingPolicy",
    "admission-policy, Namespace ConfigMap ValidatingAdmissionPolicy"
        + " ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"
  })
  void manifestsAreValid(String format, String kinds) throws Exception {
    JsonNode found = validated(text(format, REPORT));
    assertThat(found.valueStream().map(m -> m.path("kind").asString()).distinct().toList())
        .containsExactly(kinds.split(" ", -1));
    assertNoErrors(found);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runtimeclass", "kyverno", "admission-policy"})
  void manifestsOfAnEmptyListAreValid(String format) throws Exception {
    assertNoErrors(validated(text(format, NOTHING)));
  }

  @ParameterizedTest
  @CsvSource({
    "runtimeclass, handler:, handle:",
    "kyverno, expression:, expresion:",
    "admission-policy, 'policyName: \"imgcompat-runtime-class\"', 'policyName: []'",
    "admission-policy, 'kind: \"ConfigMap\"', 'kind: \"ConfigMapp\"'"
  })
  void whatIsBrokenIsInvalid(String format, String right, String wrong) throws Exception {
    String text = text(format, REPORT);
    assertThat(text).contains(right);
    assertThat(validated(text.replace(right, wrong)).valueStream())
        .anySatisfy(m -> assertThat(m.path("errors").isEmpty()).isFalse());
  }

  @Test
  void textWithoutManifestIsInvalid() throws Exception {
    assertThat(validated("a: b").path(0).path("errors").path(0).asString())
        .isEqualTo("neither apiVersion nor kind");
  }

  private static void assertNoErrors(JsonNode manifests) {
    assertThat(manifests.valueStream())
        .allSatisfy(m -> assertThat(m.path("errors").isEmpty()).as(m.toString()).isTrue());
  }

  private static String text(String format, Report report) throws Exception {
    GuestSetup kata = GuestSetup.DEFAULT;
    ExportOptions options =
        ExportOptions.DEFAULT.with(
            new GuestSetup(
                kata.runtimeClass(),
                Optional.of("runc"),
                kata.hypervisor(),
                kata.keptParams(),
                kata.nodeSelector(),
                kata.overhead()));
    List<ExportedFile> files = ExportFormat.of(format).make(List.of(report), options).files();
    assertThat(files).hasSize(1);
    return files.get(0).text();
  }

  private JsonNode validated(String manifests) throws Exception {
    Path file = Files.writeString(directory.resolve("manifests.yaml"), manifests);
    return node.run("validate-manifests.cjs", file.toString());
  }
}
