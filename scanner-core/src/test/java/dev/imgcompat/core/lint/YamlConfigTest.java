package dev.imgcompat.core.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.lint.ConfigValue.Items;
import dev.imgcompat.core.lint.ConfigValue.Members;
import dev.imgcompat.core.lint.ConfigValue.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is expected here is what js-yaml 4.3.2 gave. */
class YamlConfigTest {
  private static ConfigValue read(String text) throws RouterConfigException {
    return YamlConfig.read("f", text).orElseThrow();
  }

  private static ConfigValue a(String text) throws RouterConfigException {
    return ((Members) read(text)).value("a").orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "6, NUMBER, 6",
        "6.10, NUMBER, 6.1",
        "1_000, TEXT, 1_000",
        "0b11, NUMBER, 3",
        "0o17, NUMBER, 15",
        "017, NUMBER, 17",
        "0x1F, NUMBER, 31",
        "+12, NUMBER, 12",
        "-5, NUMBER, -5",
        "1e3, NUMBER, 1000",
        "1e21, NUMBER, 1e+21",
        ".5, NUMBER, 0.5",
        "5., NUMBER, 5",
        "+.5, TEXT, +.5",
        ".inf, NUMBER, Infinity",
        "-.INF, NUMBER, -Infinity",
        ".nan, NUMBER, NaN",
        "~, NULL, null",
        "NULL, NULL, null",
        "nUll, TEXT, nUll",
        "yes, TEXT, yes",
        "True, BOOLEAN, true",
        "2016-06-01, DATE, 2016-06-01",
        "2016-6-1, TEXT, 2016-6-1",
        "1:30, TEXT, 1:30",
        "\"6\", TEXT, 6",
        "'true', TEXT, true",
        "!!str 6, TEXT, 6",
        "!!int \"6\", NUMBER, 6",
      })
  void aScalarIsWhatJsYamlMakesOfIt(String yaml, ConfigValue.Kind kind, String text)
      throws RouterConfigException {
    assertThat(a("a: " + yaml)).isEqualTo(new Scalar(new ConfigValue.Place("f", 1), kind, text));
  }

  @Test
  void aMergedMapRanksBelowTheKeysThemselves() throws RouterConfigException {
    Members merged = (Members) a("a:\n  x: 3\n  <<: [{x: 1, y: 2}, {y: 3, z: 4}]");

    assertThat(merged.members()).containsOnlyKeys("x", "y", "z");
    assertThat(merged.value("x").orElseThrow().text()).isEqualTo("3");
    assertThat(merged.value("y").orElseThrow().text()).isEqualTo("2");
    assertThat(((Members) a("a: {\"<<\": {x: 1}}")).members()).containsOnlyKeys("<<");
  }

  @Test
  void whatAnAliasStandsForKeepsItsPlace() throws RouterConfigException {
    ConfigValue alias = a("b: &b\n  - x\na: *b\n");

    assertThat(((Items) alias).values().get(0).place().line()).isEqualTo(2);
  }

  @Test
  void aliasesOfAliasesStandForMuchAndCostLittle() throws RouterConfigException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(9) + "]\n");
    }
    ConfigValue value = read(bomb.append("a: *a29\n").toString());

    assertThat(((Members) value).value("a").orElseThrow().text()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: 1\na: 2",
        "1: a\n\"1\": b",
        "\ta: 1",
        "a: b: c",
        "a: [b",
        "a: @x",
        "a: !x y",
        "a: *b",
        "a: !!js/regexp /x/",
        "<<: 1",
        "a: 1\n---\nb: 1",
        "a: \u0007",
        "a: |\n  x\n y",
      })
  void whatJsYamlRefusesIsRefused(String yaml) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(RouterConfigException.class)
        .message()
        .startsWith("f:")
        .doesNotContain("\n");
  }

  @Test
  void whatIsNestedTooDeepIsRefused() {
    assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(RouterConfigException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "--- # nothing\n"})
  void aFileOfNothingHoldsNothing(String yaml) throws RouterConfigException {
    assertThat(YamlConfig.read("f", yaml)).matches(v -> v.isEmpty() || v.get().isNull());
  }
}
