package dev.imgcompat.service.settings;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the process was started in.
 *
 * @param variables of the environment
 * @param home directory of whoever started it
 */
public record ProcessEnvironment(Map<String, String> variables, Path home) {
  public ProcessEnvironment {
    variables = Map.copyOf(variables);
  }

  /** That of this process. */
  public static ProcessEnvironment current() {
    String home = System.getenv().getOrDefault("HOME", "");
    return new ProcessEnvironment(
        System.getenv(), Path.of(home.isEmpty() ? System.getProperty("user.home", ".") : home));
  }

  /** Where data are kept if nothing else is said, by the XDG base directory specification. */
  public Path dataDirectory() {
    String data = variables.getOrDefault("XDG_DATA_HOME", "");
    Path root =
        data.isEmpty() || !Path.of(data).isAbsolute()
            ? home.resolve(".local").resolve("share")
            : Path.of(data);
    return root.resolve("imgcompat");
  }

  /** Without variables, which may be secret. */
  @Override
  public String toString() {
    return "ProcessEnvironment[" + home + "]";
  }
}
