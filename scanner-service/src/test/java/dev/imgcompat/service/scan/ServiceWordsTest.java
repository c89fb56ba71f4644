package dev.imgcompat.service.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceWordsTest {
  private static final Path CORE =
      Path.of("..", "scanner-core", "src", "main", "java", "dev", "imgcompat", "core");

  /** Options in texts of what asks registries, with the end of the option's name. */
  private static final Pattern OPTION = Pattern.compile("--(?!no-trunc|format)[a-z][a-z-]+");

  @Test
  void adviceIsThatOfTheService() {
    assertThat(ServiceWords.of("there is no image for x; there are: y. Choose with --platform"))
        .isEqualTo("there is no image for x; there are: y");
    assertThat(
            ServiceWords.of(
                "no right to see it without credentials: log in with 'docker login r:1', or give"
                    + " --username and --password-stdin"))
        .isEqualTo(
            "no right to see it without credentials: credentials for it are those of the file"
                + " registries.authfile");
    assertThat(ServiceWords.of("x: if that is meant to be so, allow it with --insecure r:1"))
        .isEqualTo(
            "x: if that is meant to be so, the file of registries.config can allow it for r:1");
  }

  /** Whoever lets the core advise another option finds this failing. */
  @Test
  void everyOptionThatTheCoreAdvisesIsKnownHere() throws IOException {
    NavigableSet<String> advised = new TreeSet<>();
    for (String part : List.of("registry", "source", "engine")) {
      try (Stream<Path> files = Files.walk(CORE.resolve(part))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          for (String line : Files.readAllLines(file)) {
            if (line.contains("\"") && !line.strip().startsWith("*")) {
              OPTION.matcher(line).results().map(MatchResult::group).forEach(advised::add);
            }
          }
        }
      }
    }
    assertThat(advised)
        .containsExactly(
            "--allow-foreign-layers",
            "--ca-cert",
            "--client-cert",
            "--client-key",
            "--insecure",
            "--password-stdin",
            "--platform",
            "--sparse",
            "--username");
  }
}
