package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Items;
import dev.imgcompat.core.lint.ConfigValue.Member;
import dev.imgcompat.core.lint.ConfigValue.Members;
import dev.imgcompat.core.lint.ConfigValue.Place;
import dev.imgcompat.core.lint.ConfigValue.Scalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML as js-yaml 4 does, with which the worker reads it: one document, no key twice, merge
 * keys, aliases. Refuses what js-yaml refuses, and what nobody means: values within themselves. No
 * message quotes the file. For one file, by one thread.
 */
final class YamlConfig {
  private static final int MAX_CHARACTERS = 64 << 20;
  private static final String TAGS = "tag:yaml.org,2002:";
  private static final Set<String> KNOWN_TAGS =
      Set.of(
          "str",
          "int",
          "float",
          "bool",
          "null",
          "seq",
          "map",
          "set",
          "omap",
          "pairs",
          "binary",
          "timestamp",
          "merge");

  private final String file;

  /** An alias stands for the value that its anchor has, which is read once. */
  private final IdentityHashMap<Node, ConfigValue> read = new IdentityHashMap<>();

  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlConfig(String file) {
    this.file = file;
  }

  /** Reads a file; empty if there is nothing in it. */
  static Optional<ConfigValue> read(String file, String text) throws RouterConfigException {
    YamlConfig config = new YamlConfig(file);
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setCodePointLimit(MAX_CHARACTERS)
            .setMaxAliasesForCollections(10_000)
            .setAllowRecursiveKeys(false)
            .build();
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      return root.isPresent() ? Optional.of(config.value(root.get())) : Optional.empty();
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      throw new RouterConfigException(
          new Place(file, line),
          "not YAML that the worker can read, and it starts no build: check indentation (spaces, no"
              + " tabs), quotes and colons here and above, and whether the file is whole");
    } catch (YamlEngineException | IndexOutOfBoundsException e) {
      // Its message may quote the file.
      throw new RouterConfigException(
          new Place(file, 1),
          "not YAML that can be read: write KEY: VALUE, in UTF-8 and less than 64 million"
              + " characters");
    } catch (StackOverflowError e) {
      throw new RouterConfigException(new Place(file, 1), "nested too deep for a configuration");
    }
  }

  private ConfigValue value(Node node) throws RouterConfigException {
    Node target = node instanceof AnchorNode anchor ? anchor.getRealNode() : node;
    ConfigValue known = read.get(target);
    if (known != null) {
      return known;
    }
    if (!open.add(target)) {
      throw wrong(target, "this value holds itself by an alias: write it out");
    }
    checkTag(target);
    ConfigValue value;
    if (target instanceof SequenceNode sequence) {
      List<ConfigValue> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(value(item));
      }
      value = new Items(place(target), items);
    } else if (target instanceof MappingNode mapping) {
      value = mapping(mapping);
    } else {
      ScalarNode scalar = (ScalarNode) target;
      value = YamlScalar.of(place(target), scalar);
    }
    open.remove(target);
    read.put(target, value);
    return value;
  }

  private Members mapping(MappingNode node) throws RouterConfigException {
    Map<String, Member> members = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (isMerge(keyNode)) {
        merge(value(tuple.getValueNode()), members);
        continue;
      }
      String key = value(keyNode).text();
      Integer first = lines.putIfAbsent(key, place(keyNode).line());
      if (first != null) {
        throw wrong(
            keyNode,
            "the key "
                + Quoted.of(key)
                + " is there already, in line "
                + first
                + "; the worker refuses the file: write the key once");
      }
      members.put(key, new Member(place(keyNode), value(tuple.getValueNode())));
    }
    return new Members(place(node), members);
  }

  /** Keys of another map, which those of the map itself and earlier ones rank above. */
  private void merge(ConfigValue from, Map<String, Member> members) throws RouterConfigException {
    if (from instanceof Items items) {
      for (ConfigValue item : items.values()) {
        merge(item, members);
      }
    } else if (from instanceof Members map) {
      map.members().forEach(members::putIfAbsent);
    } else {
      throw new RouterConfigException(
          from.place(), "what '<<' merges is no map; the worker refuses the file: name a map");
    }
  }

  private static boolean isMerge(Node key) {
    return key instanceof ScalarNode scalar && scalar.isPlain() && scalar.getValue().equals("<<");
  }

  private void checkTag(Node node) throws RouterConfigException {
    String tag = node.getTag().getValue();
    if (!tag.equals("!")
        && !(tag.startsWith(TAGS) && KNOWN_TAGS.contains(tag.substring(TAGS.length())))) {
      throw wrong(node, "the worker does not know this tag, and refuses the file: leave it out");
    }
  }

  private RouterConfigException wrong(Node node, String problem) {
    return new RouterConfigException(place(node), problem);
  }

  private Place place(Node node) {
    return new Place(file, node.getStartMark().map(Mark::getLine).orElse(0) + 1);
  }

  /** What stands where nothing does. */
  static Scalar nothing(Place place) {
    return new Scalar(place, ConfigValue.Kind.NULL, "null");
  }
}
