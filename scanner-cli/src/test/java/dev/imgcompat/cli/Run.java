package dev.imgcompat.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command that was run in this process.
 *
 * @param exit its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Run(int exit, String out, String err) {
  /** Runs a command with a cache of its own and nothing on standard input. */
  static Run of(Path cache, String... args) {
    return of(cache, "", false, args);
  }

  /** Runs a command. */
  static Run of(Path cache, String stdin, boolean terminal, String... args) {
    return of(
        cache,
        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
        terminal,
        Map.of(),
        args);
  }

  /** Runs a command with more variables in its environment. */
  static Run of(
      Path cache,
      InputStream stdin,
      boolean terminal,
      Map<String, String> variables,
      String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("XDG_CACHE_HOME", cache.toString());
    // Nothing of the user who runs the tests.
    environment.putIfAbsent("HOME", cache.resolve("home").toString());
    environment.put("TERM", "xterm");
    Streams streams =
        new Streams(
            stdin,
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            environment,
            terminal,
            false);
    int exit = Main.run(streams, args);
    return new Run(exit, out.toString(), err.toString());
  }

  /** Standard output as JSON. */
  JsonNode json() {
    return JsonMapper.builder().build().readTree(out);
  }

  /** The first image of a JSON report. */
  JsonNode image() {
    return json().path("images").path(0);
  }

  /** The decision of the first verdict on the first image. */
  String decision() {
    return image().path("verdicts").path(0).path("decision").asString();
  }
}
