package dev.imgcompat.core.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Writes runtime profiles in the form of the schema {@code runtimes-1}, which is the one that they
 * are read in. Safe for use by several threads.
 */
public final class RuntimeFormat {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          // Versions are text: 2.10 is not 2.1.
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private RuntimeFormat() {}

  /** Returns a file of one profile, as YAML; the version of the target is the one it assumes. */
  public static String yaml(Target target) {
    return YAML.writeValueAsString(document(target));
  }

  /** Returns a file of one profile, as JSON; the version of the target is the one it assumes. */
  public static String json(Target target) {
    return JSON.writeValueAsString(document(target)) + "\n";
  }

  private static Map<String, Object> document(Target target) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("schemaVersion", 1);
    document.put("runtimes", List.of(runtime(target)));
    return document;
  }

  private static Map<String, Object> runtime(Target target) {
    RuntimeProfile profile = target.profile();
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("id", profile.id());
    node.put("title", profile.title());
    put(node, "assume", target.version().or(profile::assume));
    put(node, "kernelCommandLine", profile.kernelCommandLine());
    put(node, "kernels", profile.kernels().stream().map(RuntimeFormat::kernel).toList());
    Map<String, Object> capabilities = new LinkedHashMap<>();
    profile
        .capabilities()
        .forEach(
            (name, spans) ->
                capabilities.put(name, spans.stream().map(RuntimeFormat::span).toList()));
    node.put("capabilities", capabilities);
    node.put("references", profile.references());
    return node;
  }

  private static Map<String, Object> kernel(GuestKernel kernel) {
    Map<String, Object> node = new LinkedHashMap<>();
    put(node, "from", kernel.from());
    put(node, "below", kernel.below());
    node.put("label", kernel.label());
    put(node, "version", kernel.version());
    return node;
  }

  private static Map<String, Object> span(Span span) {
    Map<String, Object> node = new LinkedHashMap<>();
    put(node, "from", span.from());
    put(node, "below", span.below());
    node.put("label", span.label());
    node.put("available", span.available());
    put(node, "kernelParams", span.kernelParams());
    put(node, "why", span.why());
    put(node, "otherwise", span.otherwise());
    return node;
  }

  private static void put(Map<String, Object> node, String name, Optional<String> value) {
    value.ifPresent(v -> node.put(name, v));
  }

  private static void put(Map<String, Object> node, String name, List<?> values) {
    if (!values.isEmpty()) {
      node.put(name, new ArrayList<>(values));
    }
  }
}
