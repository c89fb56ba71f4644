package dev.imgcompat.core.verdict;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Reports as JSON and YAML. Safe for use by several threads. */
public final class ReportFormat {
  /** Reports of whole registries are read whole. */
  private static final int MAX_REPORT_BYTES = 1 << 30;

  private static final JsonMapper JSON = configured(JsonMapper.builder()).build();
  private static final YAMLMapper YAML =
      configured(YAMLMapper.builder())
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          // Versions are text: 2.10 is not 2.1.
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private ReportFormat() {}

  private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B configured(B builder) {
    return builder
        .changeDefaultPropertyInclusion(v -> v.withValueInclusion(JsonInclude.Include.NON_ABSENT))
        .enable(SerializationFeature.INDENT_OUTPUT)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
  }

  /** Returns a report, or anything that goes into one, as JSON. */
  public static String json(Object value) {
    return JSON.writeValueAsString(value) + "\n";
  }

  /** Returns a report as YAML. */
  public static String yaml(Object value) {
    return YAML.writeValueAsString(value);
  }

  /**
   * Reads a JSON report.
   *
   * @throws IOException if it is none, with one line that says why
   */
  public static Report read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_REPORT_BYTES);
    try {
      JsonNode root = JSON.readTree(bytes);
      if (!root.isObject() || !root.has("images")) {
        throw new IOException("not a report of imgcompat scan -o json");
      }
      int version = root.path("schemaVersion").asInt(0);
      if (version != Report.SCHEMA_VERSION) {
        throw new IOException(
            "a report of schema version " + version + "; this program reads version 1");
      }
      return JSON.treeToValue(root, Report.class);
    } catch (JacksonException e) {
      throw new IOException("not a report of imgcompat scan -o json: " + e.getOriginalMessage(), e);
    }
  }
}
