package dev.imgcompat.core.config;

import dev.imgcompat.core.config.Origin.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * A YAML file as a tree of texts with their lines; what type a text would have does not matter.
 * Aliases are refused, since few of them can stand for very much. No message quotes the file.
 */
final class YamlTree {
  private static final int MAX_DEPTH = 8;
  private static final YAMLMapper MAPPER = YAMLMapper.builder().build();

  private final String file;
  private final JsonParser parser;

  private YamlTree(String file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /** A part of the file. */
  sealed interface Node {
    /** Counted from 1. */
    int line();
  }

  /** A text, a number, a truth value. */
  record Scalar(int line, String text) implements Node {}

  /** Nothing, where a value could be. */
  record Nothing(int line) implements Node {}

  /** A list. */
  record Sequence(int line, List<Node> items) implements Node {}

  /** Keys, each with the line that it is in, and their values. */
  record Mapping(int line, Map<String, Member> members) implements Node {}

  /** What a key has. */
  record Member(int line, Node value) {}

  /** Parses a file; empty where there is nothing in it. */
  static Optional<Node> parse(String file, String text) throws ConfigException {
    try (JsonParser parser = MAPPER.createParser(text)) {
      YamlTree tree = new YamlTree(file, parser);
      JsonToken first = tree.next();
      if (first == null) {
        return Optional.empty();
      }
      Node root = tree.node(first, 0);
      if (tree.next() != null) {
        throw tree.wrong("a second document begins here: write one only");
      }
      return root instanceof Nothing ? Optional.empty() : Optional.of(root);
    } catch (JacksonException e) {
      // Without message and cause, which quote the file.
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      throw new ConfigException(
          origin(file, line),
          "not YAML: check indentation (spaces, no tabs), quotes and colons here and above");
    } catch (RuntimeException e) {
      throw new ConfigException(origin(file, 1), "not YAML that can be read: write KEY: VALUE");
    }
  }

  static Origin origin(String file, int line) {
    return new Origin(Kind.FILE, file + ":" + line);
  }

  private JsonToken next() throws ConfigException {
    JsonToken token = parser.nextToken();
    boolean alias = parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
    if (token != null && (alias || parser.getObjectId() != null)) {
      throw wrong("anchors and aliases are not supported: write the value out");
    }
    return token;
  }

  private Node node(JsonToken token, int depth) throws ConfigException {
    if (depth > MAX_DEPTH) {
      throw wrong("nested too deep for a config file");
    }
    int line = line();
    return switch (token) {
      case START_OBJECT -> mapping(line, depth);
      case START_ARRAY -> sequence(line, depth);
      case VALUE_NULL -> new Nothing(line);
      default -> new Scalar(line, parser.getString());
    };
  }

  private Mapping mapping(int line, int depth) throws ConfigException {
    Map<String, Member> members = new LinkedHashMap<>();
    for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
      String key = parser.currentName();
      int keyLine = line();
      Member first = members.get(key);
      if (first != null) {
        throw wrong("this key is there already, in line " + first.line() + ": write it once");
      }
      members.put(key, new Member(keyLine, node(next(), depth + 1)));
    }
    return new Mapping(line, members);
  }

  private Sequence sequence(int line, int depth) throws ConfigException {
    List<Node> items = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      items.add(node(token, depth + 1));
    }
    return new Sequence(line, items);
  }

  private int line() {
    return Math.max(1, parser.currentTokenLocation().getLineNr());
  }

  private ConfigException wrong(String problem) {
    return new ConfigException(origin(file, line()), problem);
  }
}
