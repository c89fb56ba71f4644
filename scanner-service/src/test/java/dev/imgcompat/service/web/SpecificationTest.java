package dev.imgcompat.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.imgcompat.core.export.ExportFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SpecificationTest {
  private static final JsonNode ROOT = Specification.ROOT;

  @Test
  void itIsOpenApi31() {
    assertThat(ROOT.get("openapi").stringValue()).startsWith("3.1.");
    assertThat(ROOT.get("info").has("title")).isTrue();
    assertThat(ROOT.get("info").has("version")).isTrue();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<JsonNode> references = ROOT.findValues("$ref");
    assertThat(references).hasSizeGreaterThan(100);
    for (JsonNode reference : references) {
      JsonNode target = ROOT.at(reference.stringValue().substring(1));
      assertThat(target.isMissingNode()).as(reference.stringValue()).isFalse();
    }
  }

  @Test
  void nothingInTheComponentsIsUnused() {
    Set<String> used =
        ROOT.findValues("$ref").stream().map(JsonNode::stringValue).collect(Collectors.toSet());
    for (String kind : List.of("schemas", "responses", "parameters", "headers")) {
      for (String name : ROOT.get("components").get(kind).propertyNames()) {
        assertThat(used).contains("#/components/" + kind + "/" + name);
      }
    }
  }

  @Test
  void everyOperationHasItsOwnIdAndSaysHowItFails() {
    Set<String> ids = new TreeSet<>();
    for (Specification.Operation operation : Specification.operations()) {
      JsonNode node = operation.node();
      assertThat(ids.add(node.get("operationId").stringValue())).as(operation.path()).isTrue();
      assertThat(node.has("summary")).as(operation.path()).isTrue();
      assertThat(node.get("responses").propertyNames())
          .as(operation.method() + " " + operation.path())
          .anyMatch(s -> s.startsWith("4"));
      Set<String> inPath =
          Arrays.stream(operation.path().split("/"))
              .filter(s -> s.startsWith("{"))
              .map(s -> s.substring(1, s.length() - 1))
              .collect(Collectors.toSet());
      Set<String> described =
          node.path("parameters")
              .valueStream()
              .map(Specification::resolved)
              .filter(p -> p.get("in").stringValue().equals("path"))
              .map(p -> p.get("name").stringValue())
              .collect(Collectors.toSet());
      assertThat(described).as(operation.path()).isEqualTo(inPath);
    }
  }

  @Test
  void lookupsNeverAnswerWhatMakesTheQueueWorkerDropOrRepeatABuild() {
    for (Specification.Operation operation : Specification.operations()) {
      if (operation.path().startsWith("/v1/verdict")) {
        assertThat(operation.node().get("responses").propertyNames())
            .doesNotContain("204", "403", "404", "406", "415", "429", "503");
      }
    }
  }

  @Test
  void everyProblemHasAMessage() {
    JsonNode problem = ROOT.at("/components/schemas/Problem");
    assertThat(problem.get("required").valueStream().map(JsonNode::stringValue))
        .contains("message");
    for (Specification.Operation operation : Specification.operations()) {
      operation
          .node()
          .get("responses")
          .properties()
          .forEach(
              e -> {
                if (e.getKey().compareTo("400") >= 0) {
                  assertThat(
                          Specification.resolved(e.getValue())
                              .at("/content/application~1problem+json/schema/$ref")
                              .stringValue())
                      .isEqualTo("#/components/schemas/Problem");
                }
              });
    }
  }

  @Test
  void everySchemaIsOneAndEveryExampleIsOfItsSchema() {
    JsonNode metaSchema =
        new JsonMapper()
            .readTree(
                """
                {"$schema": "https://json-schema.org/draft/2020-12/schema",
                 "$ref": "https://json-schema.org/draft/2020-12/schema"}
                """);
    ROOT.at("/components/schemas")
        .properties()
        .forEach(
            e ->
                assertThat(
                        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(metaSchema)
                            .validate(e.getValue()))
                    .as(e.getKey())
                    .isEmpty());
    int examples = 0;
    for (JsonNode holder : ROOT.findParents("examples")) {
      if (holder.has("schema")) {
        for (JsonNode example : holder.get("examples")) {
          Specification.validate("example", holder.get("schema"), example.get("value"));
          examples++;
        }
      }
    }
    assertThat(examples).isGreaterThan(5);
  }

  @Test
  void everyFormatAndItsMediaTypeIsNamed() {
    List<String> formats =
        ROOT.at("/components/parameters/format/schema/enum")
            .valueStream()
            .map(JsonNode::stringValue)
            .toList();
    assertThat(formats)
        .containsExactly(
            Arrays.stream(ExportFormat.values()).map(ExportFormat::id).toArray(String[]::new));
    assertThat(ROOT.at("/components/responses/List/content").propertyNames())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ExportFormat.values())
                .map(ExportFormat::mediaType)
                .collect(Collectors.toSet()));
  }

  @Test
  void everyOptionThatAFormatHeedsIsNamed() {
    Set<String> heeded = new TreeSet<>();
    Arrays.stream(ExportFormat.values()).forEach(f -> heeded.addAll(ListQuery.names(f)));
    for (String path : List.of("/v1/exclusions", "/v1/kernel-params")) {
      Set<String> named =
          ROOT.get("paths")
              .get(path)
              .get("get")
              .get("parameters")
              .valueStream()
              .map(Specification::resolved)
              .filter(p -> p.get("in").stringValue().equals("query"))
              .map(p -> p.get("name").stringValue())
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(named).isEqualTo(heeded);
    }
  }
}
