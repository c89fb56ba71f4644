package dev.imgcompat.core.export;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Writes YAML in which every text is quoted, so that every reader takes it for one. */
final class YamlText {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .enable(YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  private YamlText() {}

  /** A new, empty mapping. */
  static ObjectNode mapping() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Returns a document, which ends with a line break. */
  static String of(JsonNode document) {
    return YAML.writeValueAsString(document);
  }

  /** Returns several documents in a row, as {@code kubectl apply -f} reads them. */
  static String of(List<? extends JsonNode> documents) {
    return documents.stream().map(YamlText::of).collect(Collectors.joining("---\n"));
  }
}
