package dev.imgcompat.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulePackTest {
  @TempDir private Path directory;

  private RulePack load(String... lines) throws IOException, RulePackException {
    Files.writeString(directory.resolve("mine.yaml"), String.join("\n", lines) + "\n");
    return RulePack.load(Optional.of(directory));
  }

  @Test
  void theBuiltInPackIsValid() {
    RulePack pack = RulePack.builtIn();

    assertThat(pack.rules()).extracting(Rule::id).contains("ia32-program", "vsyscall-glibc");
    assertThat(pack.runtimes()).extracting(RuntimeProfile::id).contains("kata", "gvisor");
    assertThat(pack.digest()).isEqualTo(RulePack.builtIn().digest());
  }

  @Test
  void everyRuntimeAnswersForEveryCapabilityThatARuleRequires() {
    RulePack pack = RulePack.builtIn();
    for (RuntimeProfile runtime : pack.runtimes()) {
      for (Rule rule : pack.rules()) {
        rule.requires()
            .ifPresent(
                capability ->
                    assertThat(pack.target(runtime.id()).span(capability).label()).isNotBlank());
      }
    }
  }

  @Test
  void kataChangesWithItsVersion() {
    RulePack pack = RulePack.builtIn();

    assertThat(pack.target("kata").span("vsyscall").kernelParams())
        .containsExactly("vsyscall=emulate");
    assertThat(pack.target("kata:1.13").span("vsyscall").kernelParams()).isNotEmpty();
    assertThat(pack.target("kata:3.24.1").span("vsyscall").kernelParams()).isNotEmpty();
    assertThat(pack.target("kata:3.25").span("vsyscall").kernelParams()).isEmpty();
    assertThat(pack.target("kata:3.3").span("vsyscall").kernelParams()).isNotEmpty();
    assertThat(pack.target("gvisor").span("vsyscall").available()).isTrue();
  }

  @Test
  void aRuntimeOrVersionThatIsNotKnownIsRefusedWithWhatIs() {
    RulePack pack = RulePack.builtIn();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> pack.target("cata"))
        .withMessageContaining("kata");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pack.target("kata:9.1"))
        .withMessageContaining("1.0–4.1");
    assertThatIllegalArgumentException().isThrownBy(() -> pack.target("kata:"));
    assertThatIllegalArgumentException().isThrownBy(() -> pack.target("kata:latest"));
  }

  @Test
  void aDirectoryAddsAndReplaces() throws Exception {
    RulePack pack =
        load(
            "schemaVersion: 1",
            "rules:",
            "  - id: ia32-program",
            "    on: elf",
            "    match: {class: 32, machine: [i386]}",
            "    requires: ia32",
            "    effect: informs",
            "    summary: mine",
            "    references: [https://example.com]",
            "  - id: my-rule",
            "    on: libc",
            "    match: {family: [uclibc]}",
            "    requires: vsyscall",
            "    effect: advice",
            "    summary: mine",
            "    references: [https://example.com]");

    assertThat(pack.rules())
        .extracting(rule -> rule.id() + " " + rule.effect())
        .contains("ia32-program INFORMS", "my-rule ADVICE", "vsyscall-glibc DECIDES");
    assertThat(pack.digest()).isNotEqualTo(RulePack.builtIn().digest());
  }

  @Test
  void anErrorNamesFileLineAndReason() {
    assertThatThrownBy(
            () ->
                load(
                    "schemaVersion: 1",
                    "rules:",
                    "  - id: broken",
                    "    on: elf",
                    "    match: {}",
                    "    requires: teleportation",
                    "    effect: decides",
                    "    summary: x",
                    "    references: [https://example.com]"))
        .isInstanceOf(RulePackException.class)
        .hasMessageContaining("mine.yaml:6:")
        .hasMessageContaining("requires");
  }

  @Test
  void aMemberThatIsMissingOrUnknownIsNamed() {
    assertThatThrownBy(() -> load("schemaVersion: 1", "rules:", "  - id: broken"))
        .hasMessageContaining("mine.yaml:3:")
        .hasMessageContaining("summary");
    assertThatThrownBy(() -> load("schemaVersion: 1", "rules: []", "extra: 1"))
        .hasMessageContaining("extra");
    assertThatThrownBy(() -> load("schemaVersion: 2", "rules: []"))
        .hasMessageContaining("mine.yaml:1:");
  }

  @Test
  void anIdThatComesTwiceOrAnUnknownPlaceholderIsRefused() {
    String rule =
        "{id: mine, on: elf, match: {}, requires: ia32, effect: informs, summary: \"%s\","
            + " references: [https://example.com]}";
    assertThatThrownBy(
            () ->
                load(
                    "schemaVersion: 1",
                    "rules:",
                    "  - " + rule.formatted("x"),
                    "  - " + rule.formatted("y")))
        .hasMessageContaining("mine.yaml:4:")
        .hasMessageContaining("twice");
    assertThatThrownBy(
            () -> load("schemaVersion: 1", "rules:", "  - " + rule.formatted("{nonsense} {count}")))
        .hasMessageContaining("mine.yaml:3:")
        .hasMessageContaining("{nonsense}");
  }

  @Test
  void whatIsNotYamlIsRefusedWithItsLine() {
    assertThatThrownBy(() -> load("schemaVersion: 1", "rules: [", "  : : :"))
        .isInstanceOf(RulePackException.class)
        .hasMessageMatching("(?s).*mine\\.yaml:\\d+: not YAML.*");
    assertThatThrownBy(() -> load("just text")).hasMessageContaining("mine.yaml:1:");
  }

  @Test
  void aProfileMustCoverTheVersionThatItAssumes() {
    String span = "[{label: all, from: \"2.0\", available: true}]";
    assertThatThrownBy(
            () ->
                load(
                    "schemaVersion: 1",
                    "runtimes:",
                    "  - id: mine",
                    "    title: mine",
                    "    assume: \"1.0\"",
                    "    capabilities: {ia32: "
                        + span
                        + ", x32: "
                        + span
                        + ", aarch32: "
                        + span
                        + ", vsyscall: "
                        + span
                        + ", bounded-nofile: "
                        + span
                        + "}",
                    "    references: [https://example.com]"))
        .hasMessageContaining("mine.yaml:3:")
        .hasMessageContaining("assumes");
  }

  @Test
  void aBadPatternOfADistributionIsRefusedWithItsLine() {
    assertThatThrownBy(
            () ->
                load(
                    "schemaVersion: 1",
                    "releaseFiles:",
                    "  - paths: [/etc/x-release]",
                    "    format: text",
                    "    patterns:",
                    "      - {id: x, regex: '(('}"))
        .isInstanceOf(RulePackException.class)
        .hasMessageContaining("mine.yaml:6:");
  }

  @Test
  void aDirectoryWithoutRulesIsRefused() {
    assertThatThrownBy(() -> RulePack.load(Optional.of(directory)))
        .hasMessageContaining("no rule file");
    assertThatThrownBy(() -> RulePack.load(Optional.of(directory.resolve("none"))))
        .hasMessageContaining("not a directory");
  }
}
