package dev.imgcompat.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.lint.RouterConfig.Source;
import dev.imgcompat.core.lint.RouterTrap.Severity;
import dev.imgcompat.core.testing.RouterTrapCases;
import dev.imgcompat.core.testing.RouterTrapCases.TrapCase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterLintTest {
  /** What the worker is shipped with, as far as the router is concerned. */
  private static final String SHIPPED =
      """
      executor:
          plugin: k8s-vm
          k8s:
            pluginName: k8s
            exclusion:
              - 'rhel6'
            weightage: 0
            options: { kubernetes: { host: kubernetes.default, runtimeClass: "" } }
          k8s-sandbox:
            pluginName: k8s
            options: { kubernetes: { host: kubernetes.default } }
          k8s-vm:
            pluginName: k8s-vm
            weightage: 0
      """;

  private static List<TrapCase> cases() {
    return RouterTrapCases.all();
  }

  private static List<TrapCase> warnings() {
    return RouterTrapCases.warnings();
  }

  private static List<RouterTrap> lint(String... namesAndTexts) {
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      sources.add(new Source(namesAndTexts[i], namesAndTexts[i + 1]));
    }
    try {
      return RouterLint.of(RouterConfig.read(sources));
    } catch (RouterConfigException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> ids(List<RouterTrap> traps, Severity severity) {
    return traps.stream().filter(t -> t.severity() == severity).map(RouterTrap::id).toList();
  }

  private static List<RouterTrap> lintList(String items) {
    return lint(
        "default.yaml",
        """
        executor:
          plugin: k8s-vm
          k8s:
            weightage: 100
            exclusions: %s
          k8s-vm: { weightage: 0 }
        """
            .formatted(items));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anErrorIsFoundInItsLineAndNotInTheFixedConfiguration(TrapCase trap) {
    List<RouterTrap> found = lint("default.yaml", trap.yaml());

    assertThat(found)
        .anySatisfy(
            t -> {
              assertThat(t.id()).isEqualTo(trap.id());
              assertThat(t.severity()).isEqualTo(Severity.ERROR);
              assertThat(t.line()).isEqualTo(trap.line());
              assertThat(t.message()).doesNotContain("\n").isNotBlank();
            });
    assertThat(ids(lint("default.yaml", trap.fixed()), Severity.ERROR)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("warnings")
  void aWarningIsFoundInItsLine(TrapCase trap) {
    assertThat(lint("default.yaml", trap.yaml()))
        .filteredOn(t -> t.severity() == Severity.WARNING)
        .extracting(t -> t.line() + " " + t.id())
        .containsExactly(trap.line() + " " + trap.id());
    assertThat(lint("default.yaml", trap.fixed())).isEmpty();
  }

  @Test
  void theShippedConfigurationHasNoErrorButTheWarningOfItsKey() {
    List<RouterTrap> traps = lint("default.yaml", SHIPPED);

    assertThat(ids(traps, Severity.ERROR)).isEmpty();
    assertThat(ids(traps, Severity.WARNING)).containsExactly("exclusion-shipped");
  }

  @Test
  void aLocalFileOverTheShippedOneKeepsItsOwnLines() {
    List<RouterTrap> traps =
        lint(
            "config/default.yaml",
            SHIPPED,
            "config/local.yaml",
            "executor:\n  k8s:\n    weightage: 100\n    exclusions: ['centos:6']\n");

    assertThat(traps)
        .extracting(t -> t.file() + ":" + t.line() + " " + t.id())
        .containsExactly(
            "config/default.yaml:5 exclusion-shipped",
            "config/local.yaml:3 environment-above",
            "config/local.yaml:4 pattern-unanchored");
  }

  @Test
  void aLocalFileAloneIsNoErrorAndSaysWhatIsAssumed() {
    List<RouterTrap> traps =
        lint("local.yaml", "executor:\n  k8s:\n    exclusions: ['^centos:6$']\n");

    assertThat(traps).extracting(RouterTrap::id).containsExactly("defaults-assumed");
    assertThat(lint("local.yaml", "rabbitmq: { port: 1 }\n"))
        .extracting(RouterTrap::id, RouterTrap::severity)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("executor-missing", Severity.NOTE));
    assertThat(ids(lint("local.yaml", "executor:\n  plugin: k8s-vm\n"), Severity.ERROR)).isEmpty();
  }

  @Test
  void listsAreReplacedAndMapsAreJoined() {
    List<RouterTrap> traps =
        lint(
            "default.yaml",
            RouterTrapCases.FIXED,
            "local.json",
            "// more\n{executor: {'k8s': {exclusions: ['^centos:5$',],}}}");

    assertThat(traps)
        .extracting(t -> t.file() + ":" + t.line() + " " + t.id())
        .containsExactly("default.yaml:3 list-replaced");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "['^centos:*$'] | pattern-glob",
        "['^centos:6.8$'] | pattern-dot",
        "['^r.io/x:1$'] | pattern-dot",
        "['centos:6'] | pattern-unanchored",
        "['^centos:6'] | pattern-unanchored",
        "['centos:6$'] | pattern-unanchored",
        "[e] | pattern-wide",
      })
  void aPatternThatHitsMoreThanItsAuthorMeantIsAWarning(String list, String id) {
    assertThat(ids(lintList(list), Severity.WARNING)).containsExactly(id);
    assertThat(ids(lintList(list), Severity.ERROR)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "['^centos:6$']",
        "['^CentOS:6\\.8$']",
        "['^(?:(?:(?:index|registry-1)\\.)?docker\\.io/)?(?:library/)?centos(?::6|(?::[\\w][\\w.-]{0,127})?@sha256:0123456789abcdef[\\da-f]{48})$']",
        "['^(?!(?:centos:6)$)']",
        "['^r\\.io/a/.*$']",
        "['^r\\.io/.+:6(?:\\.\\d+)*$']",
        "['^(?:a|b c)$']",
      })
  void aPatternThatSaysWhatItMeansIsNoTrap(String list) {
    assertThat(lintList(list)).isEmpty();
  }

  @Test
  void aHostileListComesToAnEnd() {
    StringBuilder list = new StringBuilder("[");
    for (int i = 0; i < 3_000; i++) {
      list.append("'^x").append(i).append("(a*b?)(c|cc)*d*e*f*$', ");
    }
    String text = list.append("'(a+)+$']").toString();

    List<RouterTrap> traps = lintList(text);

    assertThat(traps).extracting(RouterTrap::id).contains("list-long");
  }

  @Test
  void noValueIsPrintedButPatternsKeysAndNames() {
    String secret = "s3cr3t-v4lue";
    List<RouterTrap> traps =
        lint(
            "default.yaml",
            """
            executor:
              plugin: k8s
              token: SECRET
              weightage: SECRET
              k8s:
                weightage: SECRET
                weight: SECRET
                password: SECRET
                exclusion: [SECRET]
                options:
                  token: SECRET
                  kubernetes: { token: SECRET, runtimeclass: SECRET, host: SECRET, runtimeClass: SECRET }
              k8s-b: { pluginName: k8s, weightage: 1, exclusions: { a: SECRET } }
              k8s-c: SECRET
              k8s-vm: { exclusions: SECRET }
            SECRETS: SECRET
            """
                .replace("SECRET", secret));

    assertThat(traps).hasSizeGreaterThan(8);
    assertThat(traps).allSatisfy(t -> assertThat(t.message()).doesNotContain(secret));
  }

  @Test
  void whatIsQuotedCannotSteerATerminal() {
    List<RouterTrap> traps = lintList("[\"(\\e[31m\\n\", \"\\e[1mcentos:6\"]");

    assertThat(traps).isNotEmpty();
    assertThat(traps)
        .allSatisfy(t -> assertThat(t.message()).doesNotContain("\u001b").doesNotContain("\n"));
  }

  @Test
  void aSecondInstanceSaysWhichOptionsItLacks() {
    String config =
        """
        executor:
          plugin: k8s-vm
          k8s:
            weightage: 100
            options: { kubernetes: { host: h, runtimeClass: kata } }
          k8s-vsyscall:
            pluginName: k8s
            weightage: 100
            options:
              kubernetes:
                annotations: { io.katacontainers.config.hypervisor.kernel_params: vsyscall=emulate }
          k8s-vm: { weightage: 0 }
        """;
    List<RouterTrap> traps = lint("default.yaml", config);

    assertThat(traps)
        .extracting(t -> t.line() + " " + t.id())
        .containsExactly(
            "6 instance-lacks-options", "6 instance-shares-builds", "11 annotation-prerequisites");
    assertThat(traps.get(0).message())
        .contains("options.kubernetes.host", "options.kubernetes.runtimeClass", "in Kata");
  }
}
