package dev.imgcompat.core.config;

import dev.imgcompat.core.config.StatementsBuilder.Word;
import dev.imgcompat.core.config.YamlTree.Mapping;
import dev.imgcompat.core.config.YamlTree.Member;
import dev.imgcompat.core.config.YamlTree.Node;
import dev.imgcompat.core.config.YamlTree.Nothing;
import dev.imgcompat.core.config.YamlTree.Scalar;
import dev.imgcompat.core.config.YamlTree.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the config file says. */
final class FileSettings {
  private static final String REGISTRIES = "registries";

  /** What may be repeated in a message. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

  private static final Pattern CREDENTIALS =
      Pattern.compile("(?i)auths?|login|user|user-?name|password|token|secret|credentials");

  private final String file;
  private final PathBase base;
  private final StatementsBuilder statements;

  private FileSettings(String file, PathBase base, StatementsBuilder statements) {
    this.file = file;
    this.base = base;
    this.statements = statements;
  }

  /**
   * Reads a file.
   *
   * @param base what paths in it are relative to
   */
  static void read(String name, String text, PathBase base, StatementsBuilder statements)
      throws ConfigException {
    Optional<Node> root = YamlTree.parse(name, text);
    if (root.isPresent()) {
      new FileSettings(name, base, statements).root(root.get());
    }
  }

  private void root(Node root) throws ConfigException {
    for (Map.Entry<String, Member> entry : mapping(root, "the file").members().entrySet()) {
      if (entry.getKey().equals(REGISTRIES)) {
        registries(entry.getValue().value());
      } else {
        setting(entry.getKey(), entry.getValue(), Optional.empty());
      }
    }
  }

  private void registries(Node node) throws ConfigException {
    Map<String, Integer> lines = new HashMap<>();
    for (Map.Entry<String, Member> entry : mapping(node, REGISTRIES).members().entrySet()) {
      int line = entry.getValue().line();
      String registry;
      try {
        registry = RegistryText.parse(entry.getKey());
      } catch (BadValueException e) {
        throw wrong(line, e.getMessage());
      }
      Integer first = lines.putIfAbsent(registry, line);
      if (first != null) {
        throw wrong(line, registry + " is there already, in line " + first + ": write it once");
      }
      statements.name(registry);
      Mapping settings = mapping(entry.getValue().value(), registry);
      for (Map.Entry<String, Member> setting : settings.members().entrySet()) {
        setting(setting.getKey(), setting.getValue(), Optional.of(registry));
      }
    }
  }

  private void setting(String name, Member member, Optional<String> registry)
      throws ConfigException {
    Key<?> key = key(name, member.line(), registry);
    if (key.scope() == Key.Scope.ONE && registry.isEmpty()) {
      throw wrong(
          member.line(), key.name() + " is said of one registry: write it below registries: HOST:");
    }
    if (key.scope() == Key.Scope.ALL && registry.isPresent()) {
      throw wrong(
          member.line(),
          key.name() + " is not said of a single registry: write it above registries:");
    }
    List<Word> words = words(key, member);
    statements.add(key, registry, words, base, YamlTree.origin(file, member.line()));
  }

  private List<Word> words(Key<?> key, Member member) throws ConfigException {
    Node value = member.value();
    if (value instanceof Scalar scalar) {
      return words(key, scalar);
    }
    if (value instanceof Nothing) {
      throw wrong(member.line(), key.name() + " has no value: write one, or remove the key");
    }
    if (!(value instanceof Sequence sequence)) {
      throw wrong(member.line(), key.name() + " has a value, and no keys below it");
    }
    if (!key.many()) {
      throw wrong(sequence.line(), key.name() + " has one value: write it without a list");
    }
    List<Word> words = new ArrayList<>();
    for (Node item : sequence.items()) {
      if (!(item instanceof Scalar scalar)) {
        throw wrong(item.line(), key.name() + " is a list of values: write a text here");
      }
      words.add(new Word(scalar.text(), YamlTree.origin(file, scalar.line())));
    }
    return words;
  }

  private List<Word> words(Key<?> key, Scalar scalar) {
    Origin origin = YamlTree.origin(file, scalar.line());
    return key.written() == Key.Written.LIST
        ? Flags.list(scalar.text()).stream().map(text -> new Word(text, origin)).toList()
        : List.of(new Word(scalar.text(), origin));
  }

  private Key<?> key(String name, int line, Optional<String> registry) throws ConfigException {
    for (Key<?> key : Key.ALL) {
      if (key.name().equals(name)) {
        return key;
      }
    }
    String shown = WORD.matcher(name).matches() ? "'" + name + "'" : "of this name";
    if (CREDENTIALS.matcher(name).matches()) {
      throw wrong(
          line,
          "there is no setting "
              + shown
              + ": credentials are kept in an auth file, as docker login and podman login write it");
    }
    if (registry.isEmpty() && RegistryText.isName(name) && name.matches(".*[.:].*")) {
      throw wrong(
          line,
          "there is no setting " + shown + ": if it is a registry, write it below registries:");
    }
    Stream<String> known = Key.ALL.stream().map(Key::name);
    List<String> candidates =
        registry.isPresent()
            ? known.toList()
            : Stream.concat(known, Stream.of(REGISTRIES)).toList();
    throw wrong(
        line,
        "there is no setting "
            + shown
            + Spelling.nearest(name, candidates)
                .map(near -> ": did you mean " + near + "?")
                .orElse(": there are " + String.join(", ", candidates)));
  }

  /** Nothing, such as a section whose lines are all comments, is an empty mapping. */
  private Mapping mapping(Node node, String what) throws ConfigException {
    if (node instanceof Mapping mapping) {
      return mapping;
    }
    if (node instanceof Nothing) {
      return new Mapping(node.line(), Map.of());
    }
    throw wrong(node.line(), what + " is no mapping: write KEY: VALUE");
  }

  private ConfigException wrong(int line, String problem) {
    return new ConfigException(YamlTree.origin(file, line), problem);
  }
}
