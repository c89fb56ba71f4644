package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the answer to {@code /images/NAME/json} of the Docker Engine API. */
final class InspectParser {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private InspectParser() {}

  /**
   * Reads an answer.
   *
   * @param subject names it in failures
   */
  static EngineImage parse(byte[] json, String subject) throws ScanException {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw StrictJson.malformed(subject, e);
    }
    if (!root.isObject()) {
      throw new ScanException.Damaged(subject + " is not a JSON object", null);
    }
    List<Digest> diffIds = new ArrayList<>();
    for (JsonNode layer : root.path("RootFS").path("Layers")) {
      try {
        diffIds.add(Digest.of(layer.asString("")));
      } catch (IllegalArgumentException e) {
        throw new ScanException.Damaged(
            subject + " names a layer by a bad digest: " + e.getMessage(), e);
      }
    }
    return new EngineImage(
        id(root.path("Id")),
        Platform.of(
            text(root.path("Os")).orElse("linux"),
            text(root.path("Architecture")).orElse("unknown"),
            text(root.path("Variant"))),
        diffIds);
  }

  private static Optional<Digest> id(JsonNode node) {
    try {
      return Optional.of(Digest.of(node.asString("")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString()
        ? Optional.of(node.asString()).filter(t -> !t.isEmpty())
        : Optional.empty();
  }
}
