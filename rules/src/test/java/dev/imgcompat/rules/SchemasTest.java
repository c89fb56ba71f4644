package dev.imgcompat.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SchemasTest {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static String resource(String name) throws IOException {
    try (InputStream in = SchemasTest.class.getResourceAsStream("/imgcompat/" + name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rules-1", "runtimes-1", "distributions-1", "report-1", "sweep-1"})
  void everySchemaIsASchema(String name) throws IOException {
    Schema meta =
        REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertThat(meta.validate(resource("schema/" + name + ".schema.json"), InputFormat.JSON))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"rules, rules-1", "runtimes, runtimes-1", "distributions, distributions-1"})
  void everyDataFileIsValid(String file, String schema) throws IOException {
    Schema valid = REGISTRY.getSchema(resource("schema/" + schema + ".schema.json"));

    assertThat(valid.validate(resource("rules/" + file + ".yaml"), InputFormat.YAML)).isEmpty();
  }

  @Test
  void rulesCanRequireWhatRuntimesCanOffer() throws IOException {
    JsonMapper json = JsonMapper.shared();
    JsonNode required =
        json.readTree(resource("schema/rules-1.schema.json")).at("/$defs/capability/enum");
    JsonNode offered =
        json.readTree(resource("schema/runtimes-1.schema.json"))
            .at("/properties/runtimes/items/properties/capabilities/properties");

    assertThat(required.valueStream().map(JsonNode::asString))
        .containsExactlyElementsOf(offered.propertyNames());
  }
}
