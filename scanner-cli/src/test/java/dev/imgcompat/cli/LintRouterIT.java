package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.lint.RouterConfig;
import dev.imgcompat.core.lint.RouterConfig.Source;
import dev.imgcompat.core.lint.RouterConfigException;
import dev.imgcompat.core.lint.RouterLint;
import dev.imgcompat.core.lint.RouterTrap;
import dev.imgcompat.core.lint.RouterTrap.Severity;
import dev.imgcompat.core.testing.NodeProject;
import dev.imgcompat.core.testing.RouterTrapCases;
import dev.imgcompat.core.testing.RouterTrapCases.TrapCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every error that the linter knows is one of the real router. */
class LintRouterIT {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @TempDir private Path directory;

  @Test
  void theRouterDoesWithEveryErrorWhatTheLinterSaysAndPlacesRightWithoutIt()
      throws IOException, InterruptedException {
    NodeProject node = NodeProject.assumeInstalled();
    List<TrapCase> cases = RouterTrapCases.all();
    List<Map<String, Object>> questions = new ArrayList<>();
    for (TrapCase trap : cases) {
      questions.add(question(trap.yaml(), trap.placed().keySet()));
      questions.add(question(trap.fixed(), trap.meant().keySet()));
    }

    JsonNode answers = answers(node, questions);

    List<String> differences = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      TrapCase trap = cases.get(i);
      compare(differences, trap + " with the error", trap.placed(), answers.path(2 * i));
      compare(differences, trap + " fixed", trap.meant(), answers.path(2 * i + 1));
    }
    assertThat(answers).hasSize(2 * cases.size());
    assertThat(differences).isEmpty();
  }

  @Test
  void theRouterDoesWithAWarningWhatTheLinterSays() throws IOException, InterruptedException {
    NodeProject node = NodeProject.assumeInstalled();
    List<TrapCase> cases = RouterTrapCases.warnings();

    JsonNode answers =
        answers(node, cases.stream().map(t -> question(t.yaml(), t.placed().keySet())).toList());

    List<String> differences = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      compare(differences, cases.get(i).toString(), cases.get(i).placed(), answers.path(i));
      assertThat(cases.get(i).placed()).isNotEqualTo(cases.get(i).meant());
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void whatTheLinterFindsNoErrorInIsPlacedByItsLists() throws RouterConfigException {
    for (TrapCase trap : RouterTrapCases.all()) {
      assertThat(errors(trap.fixed())).as(trap.fixed()).isEmpty();
      assertThat(errors(trap.yaml())).as(trap.toString()).contains(trap.id());
      assertThat(trap.placed()).isNotEqualTo(trap.meant());
    }
  }

  private static List<String> errors(String yaml) throws RouterConfigException {
    return RouterLint.of(RouterConfig.read(List.of(new Source("default.yaml", yaml)))).stream()
        .filter(t -> t.severity() == Severity.ERROR)
        .map(RouterTrap::id)
        .toList();
  }

  private static Map<String, Object> question(String yaml, Set<String> containers) {
    return Map.of("yaml", yaml, "containers", containers);
  }

  private JsonNode answers(NodeProject node, List<Map<String, Object>> questions)
      throws IOException, InterruptedException {
    Path file = directory.resolve("cases.json");
    Files.write(file, MAPPER.writeValueAsBytes(questions));
    return node.run("lint-truth.cjs", file.toString());
  }

  private static void compare(
      List<String> differences, String what, Map<String, String> expected, JsonNode answer) {
    Map<String, String> placed = new TreeMap<>();
    answer.properties().forEach(e -> placed.put(e.getKey(), e.getValue().asString()));
    if (!placed.equals(new TreeMap<>(expected))) {
      differences.add(what + ": " + placed + " and not " + expected);
    }
  }
}
