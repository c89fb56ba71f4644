package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintRouterCommandTest {
  private static final String GOOD =
      """
      executor:
        plugin: k8s-vm
        k8s: { weightage: 100, exclusions: ['^centos:6$'] }
        k8s-vm: { weightage: 0 }
      """;

  @TempDir private Path directory;

  private Run run(String... args) {
    return Run.of(directory.resolve("cache"), args);
  }

  private Run stdin(String text, String... args) {
    return Run.of(directory.resolve("cache"), text, false, args);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @Test
  void aConfigurationWithoutTrapsIsFine() throws IOException {
    Run run = run("lint-router", file("default.yaml", GOOD));

    assertThat(run.exit()).isZero();
    assertThat(run.out()).isEqualTo("no traps found\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void anErrorIsSaidWithFileAndLineAsACompilerDoes() throws IOException {
    String file = file("default.yaml", GOOD.replace("exclusions", "exclusion"));

    Run run = run("lint-router", file);

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.out().lines().findFirst().orElseThrow())
        .startsWith(file + ":3: error: ")
        .endsWith("write 'exclusions' [exclusion-singular]");
    assertThat(run.out()).endsWith("1 error, 0 warnings, 0 notes\n");
  }

  @Test
  void warningsFailOnlyWhenAskedTo() throws IOException {
    String file = file("default.yaml", GOOD.replace("^centos:6$", "centos:6"));

    assertThat(run("lint-router", file).exit()).isZero();
    assertThat(run("lint-router", "--strict", file).exit()).isEqualTo(3);
    assertThat(run("lint-router", "--strict", file("default.yaml", GOOD)).exit()).isZero();
  }

  @Test
  void aLaterFileRanksAboveAnEarlierOne() throws IOException {
    String local =
        file("local.json", "{ /* JSON5 */ executor: { k8s: { exclusions: 'centos', }, }, }");

    Run run = run("lint-router", file("default.yaml", GOOD), local);

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.out()).contains(local + ":1: error: ", "[exclusions-not-list]");
    assertThat(run("lint-router", local, file("default.yaml", GOOD)).exit()).isZero();
  }

  @Test
  void standardInputIsReadForADash() {
    Run run = stdin(GOOD.replace("'^centos:6$'", "''"), "lint-router", "-");

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.out()).startsWith("standard input:2: note: ").contains("[pattern-empty]");
  }

  @Test
  void jsonHasEachTrap() throws IOException {
    String file = file("default.yaml", GOOD.replace("exclusions", "exclusion"));

    Run run = run("lint-router", "-o", "json", file);

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.json().path("schemaVersion").asInt()).isEqualTo(1);
    assertThat(run.json().at("/traps/0/file").asString()).isEqualTo(file);
    assertThat(run.json().at("/traps/0/line").asInt()).isEqualTo(3);
    assertThat(run.json().at("/traps/0/severity").asString()).isEqualTo("error");
    assertThat(run.json().at("/traps/0/id").asString()).isEqualTo("exclusion-singular");
    assertThat(run.json().at("/traps/0/message").asString()).contains("'exclusions'");
  }

  @Test
  void whatTheWorkerCannotReadIsSaidInOneLineWithoutWhatIsInIt() throws IOException {
    String secret = "s3cr3t-v4lue";
    String[] torn = {
      "executor:\n  k8s: { token: SECRET\n",
      "executor:\n\tplugin: SECRET\n",
      "executor: {}\nexecutor: SECRET\n",
      "a: SECRET\n---\nb: SECRET\n",
      "a: !secret SECRET\n",
      "a: &a [*a, SECRET]\n",
      "a: *SECRET\n",
      "<<: SECRET\n",
    };
    for (String text : torn) {
      String file = file("local.yaml", text.replace("SECRET", secret));

      Run run = run("lint-router", file);

      assertThat(run.exit()).as(text).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .as(text)
          .startsWith("imgcompat: " + file + ":")
          .hasLineCount(1)
          .doesNotContain(secret);
    }
    String json = file("local.json", "{ executor: { k8s: 's3cr3t-v4lue }");
    assertThat(run("lint-router", json).err())
        .startsWith("imgcompat: " + json + ":1: not JSON")
        .doesNotContain(secret);
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    Run run = run("lint-router", directory.resolve("none.yaml").toString());

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("none.yaml: no such file");
  }
}
