package dev.imgcompat.core.config;

import dev.imgcompat.core.image.Printable;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes what holds as a config file, with the origins in comments. */
final class ConfigText {
  /** What is the same text in YAML without quotes, in a list as well. */
  private static final Pattern PLAIN =
      Pattern.compile("(?!(?i:null)$)[A-Za-z0-9/.][A-Za-z0-9/._+-]*(?::[A-Za-z0-9/._+-]+)*");

  private final Configuration configuration;
  private final Statements statements;

  ConfigText(Configuration configuration, Statements statements) {
    this.configuration = configuration;
    this.statements = statements;
  }

  /** What holds for all, and for each registry of which something is said. */
  String all() {
    StringBuilder yaml = new StringBuilder(heading());
    List<Entry> ofAll = entries(Optional.empty());
    ofAll.forEach(entry -> entry.write(yaml, ""));
    if (!configuration.registries().isEmpty()) {
      yaml.append("registries:\n");
    }
    for (String registry : configuration.registries()) {
      List<Entry> own =
          entries(Optional.of(registry)).stream()
              .flatMap(entry -> entry.beyond(ofAll).stream())
              .toList();
      yaml.append("  ").append(scalar(registry)).append(own.isEmpty() ? ": {}\n" : ":\n");
      own.forEach(entry -> entry.write(yaml, "    "));
    }
    return yaml.toString();
  }

  /** What holds for one registry. */
  String of(String registry) {
    StringBuilder yaml = new StringBuilder(heading());
    entry(Key.AUTHFILE, Optional.empty()).write(yaml, "");
    yaml.append("registries:\n  ").append(scalar(registry)).append(":\n");
    entries(Optional.of(registry)).forEach(entry -> entry.write(yaml, "    "));
    return yaml.toString();
  }

  private String heading() {
    return "# config file: "
        + Printable.of(configuration.file().toString())
        + (configuration.hasFile() ? "" : " (there is none)")
        + "\n";
  }

  private List<Entry> entries(Optional<String> registry) {
    Key.Scope other = registry.isEmpty() ? Key.Scope.ONE : Key.Scope.ALL;
    return Key.ALL.stream()
        .filter(key -> key.scope() != other)
        .<Entry>map(key -> entry(key, registry))
        .toList();
  }

  private Entry entry(Key<?> key, Optional<String> registry) {
    if (key.equals(Key.PROXY)) {
      return proxies(registry);
    }
    if (key.equals(Key.INSECURE)) {
      return new Single(
          "insecure", List.of(shown(Key.INSECURE, configuration.isInsecure(registry))));
    }
    if (key.equals(Key.CA_CERT)) {
      return new Lines("ca-cert", shown(Key.CA_CERT, registry), Origin.DEFAULT, true);
    }
    return other(key, registry);
  }

  private <T> Entry other(Key<T> key, Optional<String> registry) {
    if (!key.many()) {
      return new Single(
          key.name(),
          statements.value(registry, key).stream().map(setting -> shown(key, setting)).toList());
    }
    Optional<Statement<T>> statement = statements.strongest(registry, List.of(key));
    return new Lines(
        key.name(),
        statement.stream()
            .flatMap(s -> s.values().stream())
            .map(setting -> shown(key, setting))
            .toList(),
        statement.map(Statement::origin).orElse(Origin.DEFAULT),
        false);
  }

  /** The file has one proxy for both; only variables may name two. */
  private Entry proxies(Optional<String> registry) {
    Setting<Optional<URI>> https =
        statements.value(registry, Configuration.PROXY_OF_HTTPS).orElseThrow();
    Setting<Optional<URI>> http =
        statements.value(registry, Configuration.PROXY_OF_HTTP).orElseThrow();
    return new Single(
        "proxy",
        https.value().equals(http.value())
            ? List.of(proxy(https))
            : List.of(proxy(https), proxy(http)));
  }

  private static Shown proxy(Setting<Optional<URI>> proxy) {
    return new Shown(
        proxy,
        ProxyAddress.text(proxy.value()),
        "from "
            + proxy.origin()
            + (ProxyAddress.hasSecret(proxy.value()) ? "; what is *** is hidden" : ""));
  }

  private <T> List<Shown> shown(Key<T> key, Optional<String> registry) {
    return statements.every(registry, key).stream().map(setting -> shown(key, setting)).toList();
  }

  private static <T> Shown shown(Key<T> key, Setting<T> setting) {
    return new Shown(
        setting, key.form().writer().apply(setting.value()), "from " + setting.origin());
  }

  private static String scalar(String text) {
    if (PLAIN.matcher(text).matches()) {
      return text;
    }
    // The escapes of Printable are those of YAML, too.
    return '"' + Printable.of(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
  }

  /** A value, how it is shown, and what a comment says of it. */
  private record Shown(Setting<?> setting, String text, String comment) {
    String line() {
      return scalar(text) + note();
    }

    String note() {
      return "  # " + Printable.of(comment);
    }
  }

  /** A key with what it has. */
  private sealed interface Entry {
    String name();

    void write(StringBuilder yaml, String indent);

    /** What it says beyond what holds for all. */
    Optional<Entry> beyond(List<Entry> ofAll);
  }

  /** One value or none, and perhaps a second one that no file can say. */
  private record Single(String name, List<Shown> values) implements Entry {
    @Override
    public void write(StringBuilder yaml, String indent) {
      yaml.append(indent);
      if (values.isEmpty()) {
        yaml.append("# ").append(name).append(": not set\n");
        return;
      }
      yaml.append(name).append(": ").append(values.get(0).line()).append('\n');
      for (Shown second : values.subList(1, values.size())) {
        yaml.append(indent)
            .append("# ")
            .append(name)
            .append(" for plain http: ")
            .append(second.line())
            .append('\n');
      }
    }

    @Override
    public Optional<Entry> beyond(List<Entry> ofAll) {
      boolean usual =
          ofAll.stream()
              .filter(entry -> entry.name().equals(name))
              .findFirst()
              .map(
                  entry ->
                      entry instanceof Single single && said(single.values).equals(said(values)))
              .orElse(values.isEmpty() || values.get(0).text().equals("false"));
      return usual ? Optional.empty() : Optional.of(this);
    }
  }

  /**
   * A list.
   *
   * @param origin of an empty one
   * @param additive whether what holds for all is part of it
   */
  private record Lines(String name, List<Shown> values, Origin origin, boolean additive)
      implements Entry {
    @Override
    public void write(StringBuilder yaml, String indent) {
      yaml.append(indent).append(name).append(':');
      if (values.isEmpty()) {
        yaml.append(" []  # from ").append(Printable.of(origin.toString())).append('\n');
        return;
      }
      yaml.append('\n');
      for (Shown value : new LinkedHashSet<>(values)) {
        yaml.append(indent).append("  - ").append(value.line()).append('\n');
      }
    }

    @Override
    public Optional<Entry> beyond(List<Entry> ofAll) {
      List<Object> usual = new ArrayList<>();
      for (Entry entry : ofAll) {
        if (entry.name().equals(name) && entry instanceof Lines lines) {
          usual.addAll(said(lines.values));
        }
      }
      if (!additive) {
        return usual.equals(said(values)) ? Optional.empty() : Optional.of(this);
      }
      List<Shown> more =
          values.stream().filter(value -> !usual.contains(value.setting().value())).toList();
      return more.isEmpty() ? Optional.empty() : Optional.of(new Lines(name, more, origin, true));
    }
  }

  private static List<Object> said(List<Shown> shown) {
    return shown.stream().<Object>map(value -> value.setting().value()).toList();
  }
}
