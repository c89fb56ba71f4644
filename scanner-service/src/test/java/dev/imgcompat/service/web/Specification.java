package dev.imgcompat.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** openapi.yaml, as a test reads it. */
public final class Specification {
  /** The methods of HTTP that can be keys of a path. */
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private static final JsonMapper JSON = new JsonMapper();

  static final JsonNode ROOT = load();

  /** One method of one path. */
  public record Operation(String method, String path, JsonNode node) {}

  private Specification() {}

  private static JsonNode load() {
    try (InputStream in = Specification.class.getResourceAsStream("/openapi.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All operations. */
  public static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (var path : ROOT.get("paths").properties()) {
      for (var method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          operations.add(
              new Operation(
                  method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
        }
      }
    }
    return operations;
  }

  /** What is at the end of a reference, if the node is one. */
  static JsonNode resolved(JsonNode node) {
    if (!node.has("$ref")) {
      return node;
    }
    String reference = node.get("$ref").stringValue();
    assertThat(reference).startsWith("#/");
    JsonNode target = ROOT.at(reference.substring(1));
    assertThat(target.isMissingNode()).as(reference).isFalse();
    return resolved(target);
  }

  /** Fails if an answer is none that is described. */
  static void check(String method, String path, HttpResponse<byte[]> response) {
    String plain = path.replaceAll("\\?.*", "");
    String described = method.equals("HEAD") ? "GET" : method;
    Operation operation =
        operations().stream()
            .filter(o -> o.method().equals(described))
            .filter(o -> plain.matches(o.path().replaceAll("\\{\\w+}", "[^/]+")))
            .findFirst()
            .orElse(null);
    String type = response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
    if (operation == null) {
      assertThat(response.statusCode()).as(method + " " + path).isIn(400, 404, 405);
      assertThat(type).isEqualTo("application/problem+json");
      validate("problem", ROOT.at("/components/schemas/Problem"), response.body());
      return;
    }
    String what = method + " " + path + " " + response.statusCode();
    JsonNode node = operation.node().get("responses").get("" + response.statusCode());
    assertThat(node).as(what + " is described; " + ApiServer.text(response)).isNotNull();
    JsonNode content = resolved(node).path("content");
    if (content.isEmpty()) {
      assertThat(response.body()).as(what).isEmpty();
      return;
    }
    assertThat(content.has(type)).as(what + " as " + type).isTrue();
    if (!method.equals("HEAD") && type.matches("application/(.*\\+)?json")) {
      validate(what, content.get(type).get("schema"), response.body());
    }
  }

  /** Fails if a value is not of a schema. */
  static void validate(String what, JsonNode schema, byte[] body) {
    validate(what, schema, JSON.readTree(body));
  }

  static void validate(String what, JsonNode schema, JsonNode value) {
    ObjectNode whole = ((ObjectNode) schema).deepCopy();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.set("components", ROOT.get("components"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole)
                .validate(value))
        .as(what + ": " + value)
        .isEmpty();
  }
}
