package dev.imgcompat.core.lint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes traps as JSON. Safe for use by several threads. */
public final class RouterLintFormat {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private RouterLintFormat() {}

  /** Returns {@code schemaVersion} and {@code traps}, each with the members of a trap. */
  public static String json(List<RouterTrap> traps) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("schemaVersion", 1);
    document.put("traps", traps.stream().map(RouterLintFormat::trap).toList());
    return JSON.writeValueAsString(document) + "\n";
  }

  private static Map<String, Object> trap(RouterTrap trap) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("file", trap.file());
    node.put("line", trap.line());
    node.put("severity", trap.severity().toString());
    node.put("id", trap.id());
    node.put("message", trap.message());
    return node;
  }
}
