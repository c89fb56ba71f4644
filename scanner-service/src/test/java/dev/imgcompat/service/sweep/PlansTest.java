package dev.imgcompat.service.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.service.reach.AllowList;
import dev.imgcompat.service.settings.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlansTest {
  @TempDir private Path directory;
  private final PlanCheck check =
      new PlanCheck(new AllowList(List.of("r.example", "docker.io"), List.of()));

  private Plans plans(String text) throws IOException {
    return Plans.read(Files.writeString(directory.resolve("plans.yaml"), text), check);
  }

  @Test
  void plansOfTheFileAreKnownByTheirNames() throws IOException {
    Plans plans =
        plans(
            """
            sweeps:
              nightly:
                schedule: "30 2 * * mon-fri"
                time-zone: Europe/Berlin
                sources: [{registry: r.example}]
              by-hand:
                sources:
                  - repository: centos
                  - file: /etc/images
                  - kubernetes: {kubeconfig: /etc/kubeconfig}
            """);
    assertThat(plans.names()).containsExactly("nightly", "by-hand");
    assertThat(plans.plan("nightly")).isPresent();
    assertThat(plans.plan("other")).isEmpty();
    assertThat(plans.schedule("by-hand")).isEmpty();
    assertThat(
            plans
                .schedule("nightly")
                .orElseThrow()
                .getInitialExecutionTime(Instant.parse("2026-11-20T12:00:00Z")))
        .as("a Friday, so on Monday")
        .isEqualTo(Instant.parse("2026-11-23T01:30:00Z"));
  }

  @Test
  void withoutAFileThereAreNone() {
    assertThat(Plans.read(null, check).all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          schedule: "often", sources: [{registry: r.example}] | has the schedule 'often', which is none
          schedule: "0 0 * * * *", sources: [{registry: r.example}] | which is none
          sources: [{registry: ghcr.io}] | plan x names registry ghcr.io, which is not one that may be asked
          sources: [{repository: ghcr.io/a/b}] | plan x names registry ghcr.io
          sources: [{harbor: h.example}] | plan x names registry h.example
          sources: [{references: ["ghcr.io/a/b:1"]}] | plan x names registry ghcr.io
          sources: [{file: "-"}] | plan x reads standard input
          """)
  void aMistakeInTheFileIsToldAtTheStart(String plan, String message) {
    assertThatThrownBy(() -> plans("sweeps:\n  x: {" + plan + "}\n"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith("imgcompat.sweeps.plans: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry: 'ann:hidden@r.example'",
        "registry: 'https://ann:hidden@r.example'",
        "harbor: 'dir:hidden@r.example'",
        "quay: 'ann:hidden@r.example', namespaces: [a]",
        "repository: 'ann:hidden@r.example/a/b'",
        "repository: 'docker://ann:hidden@r.example/a/b'",
        "references: ['ann:hidden@r.example/a/b:1']"
      })
  void credentialsInAPlanAreRefusedAndNotRepeated(String source) {
    assertThatThrownBy(() -> plans("sweeps: {x: {sources: [{" + source + "}]}}"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("plan x names a registry with credentials")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void aReferenceWithADigestHasNoCredentials() throws IOException {
    String digest = "@sha256:" + "a".repeat(64);
    assertThat(plans("sweeps: {x: {sources: [{references: ['r.example/a:1" + digest + "']}]}}"))
        .isNotNull();
  }

  @Test
  void whatIsNoPlanIsToldAtTheStart() {
    assertThatThrownBy(() -> plans("sweeps: {x: {sauces: []}}"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("plans.yaml")
        .hasMessageContaining("sauces");
  }
}
