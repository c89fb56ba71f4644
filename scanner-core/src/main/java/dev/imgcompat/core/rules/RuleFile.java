package dev.imgcompat.core.rules;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.serialization.DefaultNodeReader;
import com.networknt.schema.utils.JsonNodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/**
 * A YAML file of the rule pack, parsed and valid.
 *
 * @param name for messages
 * @param kind which of the three it is
 * @param root its content
 */
record RuleFile(String name, Kind kind, JsonNode root) {
  private static final int MAX_ERRORS = 5;
  private static final int MAX_BYTES = 4 << 20;

  /** The kinds of files, each with its JSON Schema. */
  enum Kind {
    RULES("rules-1"),
    RUNTIMES("runtimes-1"),
    DISTRIBUTIONS("distributions-1");

    private final String schema;

    Kind(String schema) {
      this.schema = schema;
    }
  }

  /** Reads a file of at most 4 MiB; what is no regular file has no size to go by. */
  static String text(Path file) throws RulePackException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new RulePackException(file + ": larger than 4 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new RulePackException(file + ": no such file");
    } catch (CharacterCodingException e) {
      throw new RulePackException(file + ": not text in UTF-8");
    } catch (IOException e) {
      throw new RulePackException(file + ": could not be read: " + e.getMessage());
    }
  }

  /** Parses and validates; the kind follows from the keys. */
  static RuleFile parse(String name, String text) throws RulePackException {
    JsonNode root;
    try {
      root = DefaultNodeReader.builder().locationAware().build().readTree(text, InputFormat.YAML);
    } catch (JacksonException e) {
      throw new RulePackException(
          name + ":" + line(e.getLocation()) + ": not YAML: " + firstLine(e.getOriginalMessage()));
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new RulePackException(
          name + ":1: not YAML: " + firstLine(String.valueOf(e.getMessage())));
    }
    if (root == null || !root.isObject()) {
      throw new RulePackException(name + ":1: not a mapping with rules, runtimes or families");
    }
    Kind kind =
        root.has("rules") ? Kind.RULES : root.has("runtimes") ? Kind.RUNTIMES : Kind.DISTRIBUTIONS;
    List<Error> errors = schema(kind).validate(root);
    if (!errors.isEmpty()) {
      throw new RulePackException(
          errors.stream()
              .limit(MAX_ERRORS)
              .map(
                  e -> name + ":" + line(e) + ": " + e.getInstanceLocation() + " " + e.getMessage())
              .collect(Collectors.joining("\n")));
    }
    return new RuleFile(name, kind, root);
  }

  /** The line of a node, counted from 1. */
  static int lineOf(JsonNode node) {
    TokenStreamLocation location = JsonNodes.tokenStreamLocationOf(node);
    return line(location);
  }

  private static int line(Error error) {
    JsonNode node = error.getInstanceNode();
    return node == null ? 1 : lineOf(node);
  }

  private static int line(TokenStreamLocation location) {
    return location == null ? 1 : Math.max(1, location.getLineNr());
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }

  private static Schema schema(Kind kind) {
    String resource = "/imgcompat/schema/" + kind.schema + ".schema.json";
    try (InputStream in = RuleFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + resource);
      }
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
