package dev.imgcompat.core.sweep.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.registry.RegistrySettings.Rate;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepPlanFileTest {
  private static final String WHOLE =
      """
      sweeps:
        nightly:
          schedule: 0 2 * * *
          time-zone: Europe/Berlin
          sources:
            - registry: registry.example:5000
            - harbor: harbor.example
              projects: [ci, base]
            - quay: quay.example
              namespaces: [team]
            - repository: docker.io/library/centos
            - file: images.txt
              references: ["centos:6.8"]
            - kubernetes: {namespaces: [ci], kubeconfig: /etc/kube, context: builds}
          include: ["team-*/**"]
          exclude: ["**:*-dev"]
          versions: ">=1.4 <2"
          newest: 10
          changed-since: 30d
          platform: all
          concurrency: 8
          request-rate: 600/m
          byte-rate: 10MiB/s
          quiet-hours: ["mon-fri 08:00-18:00"]
          max-failures: 5
          keep-gone: 3d
          retry-broken: 12h
          publish: continuously
        small:
          sources:
            - repository: team/app
      """;

  @TempDir private Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("plans.yaml"), text);
  }

  private static SweepPlan parse(String json) throws SweepPlanException {
    return SweepPlanFile.parse(json.getBytes(UTF_8));
  }

  @Test
  void everythingThatIsWrittenIsMeant() throws Exception {
    SweepPlan plan = SweepPlanFile.read(file(WHOLE)).get(0);

    assertThat(plan.name()).isEqualTo("nightly");
    assertThat(plan.sources())
        .containsExactly(
            new SourceSpec.Catalog("registry.example:5000"),
            new SourceSpec.Harbor("harbor.example", List.of("ci", "base")),
            new SourceSpec.Quay("quay.example", List.of("team")),
            new SourceSpec.Repository("docker.io/library/centos"),
            new SourceSpec.References(Optional.of(Path.of("images.txt")), List.of("centos:6.8")),
            new SourceSpec.Kubernetes(
                List.of("ci"), Optional.of(Path.of("/etc/kube")), Optional.of("builds")));
    assertThat(plan.selection().include()).containsExactly("team-*/**");
    assertThat(plan.selection().exclude()).containsExactly("**:*-dev");
    assertThat(plan.selection().versions()).contains(">=1.4 <2");
    assertThat(plan.selection().newest()).isEqualTo(OptionalInt.of(10));
    assertThat(plan.selection().changedSince().orElseThrow().at(Instant.EPOCH))
        .isEqualTo(Instant.EPOCH.minus(Duration.ofDays(30)));
    assertThat(plan.platforms()).isEqualTo(PlatformRequest.ALL);
    assertThat(plan.pace())
        .isEqualTo(
            new SweepPace(
                8, Optional.of(new Rate(600, Duration.ofMinutes(1))), OptionalLong.of(10 << 20)));
    assertThat(plan.quietHours().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(plan.quietHours().windows())
        .containsExactly(QuietHours.Window.parse("mon-fri 08:00-18:00"));
    assertThat(plan.tolerance())
        .isEqualTo(new SweepPlan.Tolerance(5, Duration.ofDays(3), Duration.ofHours(12)));
    assertThat(plan.publishing()).isEqualTo(Publishing.CONTINUOUSLY);
    assertThat(plan.schedule())
        .contains(new SweepPlan.Schedule("0 2 * * *", ZoneId.of("Europe/Berlin")));
  }

  @Test
  void whatIsNotWrittenHasItsDefault() throws Exception {
    SweepPlan plan = SweepPlanFile.read(file(WHOLE)).get(1);

    assertThat(plan.name()).isEqualTo("small");
    assertThat(plan.selection().asksForTimes()).isFalse();
    assertThat(plan.platforms()).isEqualTo(PlatformRequest.DEFAULT);
    assertThat(plan.pace()).isEqualTo(SweepPace.DEFAULT);
    assertThat(plan.quietHours()).isEqualTo(QuietHours.NONE);
    assertThat(plan.tolerance()).isEqualTo(SweepPlan.Tolerance.DEFAULT);
    assertThat(plan.publishing()).isEqualTo(Publishing.AT_END);
    assertThat(plan.schedule()).isEmpty();
  }

  @Test
  void whatIsWrittenAsJsonIsReadAsTheSame() throws Exception {
    for (SweepPlan plan : SweepPlanFile.read(file(WHOLE))) {
      byte[] json = SweepPlanFile.json(plan);

      assertThat(SweepPlanFile.json(SweepPlanFile.parse(json))).isEqualTo(json);
      assertThat(SweepPlanFile.parse(json).sources()).isEqualTo(plan.sources());
      assertThat(SweepPlanFile.parse(json).pace()).isEqualTo(plan.pace());
      assertThat(SweepPlanFile.parse(json).quietHours()).isEqualTo(plan.quietHours());
      assertThat(SweepPlanFile.parse(json).tolerance()).isEqualTo(plan.tolerance());
      assertThat(SweepPlanFile.parse(json).schedule()).isEqualTo(plan.schedule());
    }
  }

  @Test
  void aPlanOfTheFileIsNamedInItsMistake() throws IOException {
    Path file = file("sweeps:\n  x:\n");

    assertThatThrownBy(() -> SweepPlanFile.read(file))
        .isInstanceOf(SweepPlanException.class)
        .hasMessage(file + ": sweep 'x' has no sources");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{`name`:`x`}|sweep 'x' has no sources",
        "{`name`:`x`,`sources`:[null]}|sources has an entry without anything in it",
        "{`name`:`x`,`sources`:[{`references`:[null]}]}|has an entry without anything in it",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`include`:[null]}|include has an entry without",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`byteRate`:`9999999999GiB/s`}|is no speed",
        "{`name`:`x`,`sources`:[]}|sweep 'x' has no sources",
        "{`sources`:[{`registry`:`a`}]}|the plan has no name",
        "{`name`:`../x`,`sources`:[{`registry`:`a`}]}|is no name for a sweep",
        "{`name`:`x`,`sources`:[{}]}|source 1 must have one of",
        "{`name`:`x`,`sources`:[{`registry`:`a`,`quay`:`b`}]}|source 1 must have one of",
        "{`name`:`x`,`sources`:[{`quay`:`b`}]}|a Quay needs namespaces",
        "{`name`:`x`,`sources`:[{`registry`:`a`,`projects`:[`p`]}]}|only a Harbor has projects",
        "{`name`:`x`,`sourcez`:[]}|'sourcez' is unknown; there are",
        "{`name`:`x`,`sources`:`a`}|'sources' is not what belongs there",
        "{`name`:`x`,`name`:`y`}|uplicate",
        "{`name`:|the plan is not one",
        "[]|the plan is not one",
        "null|the plan has no name",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`concurrency`:0}|concurrency takes a number from 1 to 64",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`concurrency`:1.5}|'concurrency' is not what",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`requestRate`:`fast`}|request-rate 'fast' is no rate",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`byteRate`:`10MB`}|byte-rate '10MB' is no speed",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`keepGone`:`7`}|keep-gone '7' is no duration",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`keepGone`:`999999999d`}|is no duration",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`maxFailures`:101}|max-failures takes a number",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`timeZone`:`Mars`}|time-zone 'Mars' is no time zone",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`platform`:`what?`}|platform 'what?'",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`changedSince`:`lately`}|changed-since 'lately' is no time",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`include`:[`[`]}|is no pattern for images",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`quietHours`:[`00:00-24:00`]}|leave no time",
        "{`name`:`x`,`sources`:[{`registry`:`a`}],`publish`:`never`}|publish 'never' is neither",
      })
  void aMistakeIsNamed(String json, String message) {
    assertThatThrownBy(() -> parse(json.replace('`', '"')))
        .isInstanceOf(SweepPlanException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void aFileThatIsNoneIsNamed() throws IOException {
    Path missing = directory.resolve("missing.yaml");
    assertThatThrownBy(() -> SweepPlanFile.read(missing))
        .hasMessage(missing + ": there is no such file");
    Path broken = file("sweeps:\n  x: [\n");
    assertThatThrownBy(() -> SweepPlanFile.read(broken)).hasMessageContaining("line 2");
    Path empty = file("");
    assertThatThrownBy(() -> SweepPlanFile.read(empty)).hasMessageContaining("has no plans");
    Path huge = file("#".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> SweepPlanFile.read(huge)).hasMessageContaining("more than 1 MiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1GiB/s", "1024GiB/s", "1B/s", "999999999KiB/s"})
  void everySpeedIsReadAsItWasWritten(String speed) throws Exception {
    SweepPlan plan =
        parse(
            "{`name`:`x`,`sources`:[{`registry`:`a`}],`byteRate`:`SPEED`,`keepGone`:`36500d`}"
                .replace("SPEED", speed)
                .replace('`', '"'));

    SweepPlan again = SweepPlanFile.parse(SweepPlanFile.json(plan));

    assertThat(again.pace()).isEqualTo(plan.pace());
    assertThat(again.tolerance()).isEqualTo(plan.tolerance());
  }
}
