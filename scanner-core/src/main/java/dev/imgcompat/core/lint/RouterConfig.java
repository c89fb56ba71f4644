package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Member;
import dev.imgcompat.core.lint.ConfigValue.Members;
import dev.imgcompat.core.lint.ConfigValue.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files of a queue worker's configuration, merged as its configuration library merges them, each
 * value with the file and line that it comes from. Immutable.
 *
 * <p>The library is node-config 3, which reads JSON as JSON5, and YAML with js-yaml. Where no file
 * is called {@code default}, what these do not say is taken to be as the worker ships it.
 */
public final class RouterConfig {
  private static final Pattern JSON = Pattern.compile("(?i).*\\.json5?");
  private static final Pattern DEFAULT = Pattern.compile("(?:.*[/\\\\])?default\\.[A-Za-z0-9]+");

  private static final int MAX_EXECUTORS = 1_000;

  private final List<String> files;
  private final List<ConfigValue> roots;
  private final ConfigValue merged;
  private final List<RouterExecutor> executors;

  private RouterConfig(List<String> files, List<ConfigValue> roots) {
    this.files = List.copyOf(files);
    this.roots = List.copyOf(roots);
    // What is no map adds no executor.
    this.merged =
        roots.stream()
            .filter(Members.class::isInstance)
            .reduce(ConfigValue::merged)
            .orElse(YamlConfig.nothing(new Place(files.get(0), 1)));
    this.executors = RouterExecutor.all(executor());
  }

  /**
   * A file.
   *
   * @param name as it is to be called; {@code .json} and {@code .json5} at its end say that it is
   *     JSON
   */
  public record Source(String name, String text) {}

  /**
   * Reads files, each of which ranks above those before.
   *
   * @param sources at least one
   * @throws RouterConfigException if the worker could not read one of them
   */
  public static RouterConfig read(List<Source> sources) throws RouterConfigException {
    List<String> files = new ArrayList<>();
    List<ConfigValue> roots = new ArrayList<>();
    for (Source source : sources) {
      files.add(source.name());
      String text = source.text().startsWith("\ufeff") ? source.text().substring(1) : source.text();
      Optional<ConfigValue> root =
          JSON.matcher(source.name().toLowerCase(Locale.ROOT)).matches()
              ? JsonConfig.read(source.name(), text)
              : YamlConfig.read(source.name(), text);
      root.ifPresent(roots::add);
    }
    RouterConfig config = new RouterConfig(files, roots);
    if (config.executors.size() > MAX_EXECUTORS) {
      throw new RouterConfigException(
          config.start(), "more than " + MAX_EXECUTORS + " executors, which no worker has");
    }
    return config;
  }

  /** The names of the files, in their order. */
  List<String> files() {
    return files;
  }

  /** What each file holds, but for empty ones. */
  List<ConfigValue> roots() {
    return roots;
  }

  ConfigValue merged() {
    return merged;
  }

  /** Where the first file begins. */
  Place start() {
    return new Place(files.get(0), 1);
  }

  /** Whether a file is the one beneath all others, so that what is missing is missing. */
  boolean isWhole() {
    return files.stream().anyMatch(RouterConfig::isDefault);
  }

  /** Whether a file is the worker's own, or in place of it. */
  static boolean isDefault(String file) {
    return DEFAULT.matcher(file).matches();
  }

  Optional<Member> executor() {
    return merged instanceof Members root ? root.get("executor") : Optional.empty();
  }

  /** In the order in which the router gets them. */
  List<RouterExecutor> executors() {
    return executors;
  }

  /** What {@code executor.plugin} is. */
  Optional<Member> plugin() {
    return executor()
        .flatMap(e -> e.value() instanceof Members m ? m.get("plugin") : Optional.empty());
  }

  /** Which executor the router falls back on, if it does not say that none is set. */
  Optional<String> defaultName() {
    Optional<Member> plugin = plugin();
    if (plugin.isPresent() && !plugin.get().value().isFalsy()) {
      return plugin.map(p -> p.value().text());
    }
    return plugin.isEmpty() && !isWhole()
        ? Optional.of(Shipped.PLUGIN)
        : executors.stream().findFirst().map(RouterExecutor::name);
  }

  /** The executor that the router falls back on, if these files say anything about it. */
  Optional<RouterExecutor> defaultExecutor() {
    return defaultName()
        .flatMap(n -> executors.stream().filter(e -> e.name().equals(n)).findFirst());
  }
}
