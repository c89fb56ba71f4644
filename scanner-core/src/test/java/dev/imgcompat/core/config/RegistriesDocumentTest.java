package dev.imgcompat.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.registry.RegistrySettings;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/registries.md says what the code does. */
class RegistriesDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/registries.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z-]+)` \\| `([^` ]+)[^`]*` \\| ([^|]+) \\| ([^|]+) \\| .*");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");
  private static final Map<Key<?>, String> VARIABLES_OF_OTHERS =
      Map.of(
          Key.AUTHFILE, ", `REGISTRY_AUTH_FILE`",
          Key.PROXY, ", `HTTPS_PROXY`, `HTTP_PROXY`",
          Key.NO_PROXY, ", `NO_PROXY`");

  @TempDir private Path home;

  @Test
  void theTableHasAllKeysWithFlagVariableAndDefault() throws IOException {
    List<List<String>> documented = new ArrayList<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.add(List.of(row.group(1), row.group(2), row.group(3), row.group(4)));
      }
    }

    assertThat(documented)
        .isEqualTo(Key.ALL.stream().map(RegistriesDocumentTest::documentation).toList());
  }

  private static <T> List<String> documentation(Key<T> key) {
    return List.of(
        key.name(),
        key.flag(),
        "`" + key.variable() + "`" + VARIABLES_OF_OTHERS.getOrDefault(key, ""),
        key.standard().map(value -> "`" + key.form().writer().apply(value) + "`").orElse("–"));
  }

  @Test
  void theTestsThatTheTableOfFaultsNamesAreThere() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("scanner-core", "scanner-cli")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.put(name, Files.readString(file));
        }
      }
    }
    Matcher named = TEST.matcher(Files.readString(DOCUMENT));
    int count = 0;
    while (named.find()) {
      assertThat(sources.getOrDefault(named.group(1), "")).contains(" " + named.group(2) + "(");
      count++;
    }
    assertThat(count).isGreaterThan(40);
  }

  @Test
  void theExampleIsRead() throws Exception {
    String document = Files.readString(DOCUMENT);
    int start = document.indexOf("```yaml\n") + "```yaml\n".length();
    String example = document.substring(start, document.indexOf("```\n", start));

    Configuration configuration = new Said(home).file(example).load();

    assertThat(configuration.registries()).containsExactly("docker.io", "registry.corp:5000");
    assertThat(configuration.authfile().orElseThrow().value())
        .isEqualTo(home.resolve(".docker/config.json"));
    RegistrySettings hub = configuration.registry("docker.io");
    assertThat(hub.mirrors())
        .containsExactly(
            new Mirror("mirror.corp:5000", ""), new Mirror("harbor.corp", "dockerhub"));
    assertThat(hub.timeouts()).isEqualTo(RegistrySettings.DEFAULT.timeouts());
    assertThat(hub.retries()).isEqualTo(RegistrySettings.DEFAULT.retries());
    assertThat(configuration.registry("registry.corp:5000").trust().insecure()).isTrue();
    for (Key<?> key : Key.ALL) {
      assertThat(example).as("the example has every key").contains(key.name() + ": ");
    }
  }
}
