package dev.imgcompat.core.verdict;

import static dev.imgcompat.core.verdict.Verdicts.finding;
import static dev.imgcompat.core.verdict.Verdicts.rules;
import static dev.imgcompat.core.verdict.Verdicts.starting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Samples;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Start programs that cannot be started. */
class StartVerdictTest {
  @ParameterizedTest
  @CsvSource({
    "/app/missing, start-not-found",
    "missing, start-not-found",
    "/opt/data, start-not-executable",
    "/opt/alien, start-no-interpreter"
  })
  void aStartProgramThatCannotStartIsAFindingButDecidesNothing(String command, String rule) {
    LayerBuilder layer =
        Samples.debian12()
            .file("opt/data", 0644, ElfBuilder.x86_64().build())
            .program("opt/alien", ElfBuilder.x86_64().interpreter("/lib/ld-musl-x86_64.so.1"));

    Verdict verdict = starting(layer, command);

    assertThat(verdict.decision()).isEqualTo(Decision.COMPATIBLE);
    assertThat(rules(verdict)).containsExactly(rule);
    Finding finding = finding(verdict, rule);
    assertThat(finding.scope()).isEqualTo(Scope.START);
    assertThat(finding.summary()).contains(command);
    assertThat(finding.chain().get(0)).isEqualTo("the config starts " + command);
    assertThat(finding.decides()).isFalse();
  }
}
