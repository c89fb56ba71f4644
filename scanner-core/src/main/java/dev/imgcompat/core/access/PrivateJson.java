package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * JSON that may hold secrets: failures say where it is wrong and never quote it. Read as Go's
 * decoder reads it, which docker and podman use: of a key that is there twice the last one counts,
 * and the case of a member's name does not matter.
 */
final class PrivateJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private PrivateJson() {}

  /** Reads an object; {@code what} names it in failures. */
  static JsonNode object(byte[] bytes, String what) throws ScanException.Unreadable {
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      // Without the cause: Jackson quotes what it reads.
      TokenStreamLocation location = e.getLocation();
      throw malformed(
          what + " is not JSON" + (location == null ? "" : " (line " + location.getLineNr() + ")"));
    }
    if (!root.isObject()) {
      throw malformed(what + " is not a JSON object");
    }
    return root;
  }

  /** A member that is an object; an empty one if it is not there. */
  static JsonNode object(JsonNode parent, String name, String what)
      throws ScanException.Unreadable {
    JsonNode member = member(parent, name);
    if (member.isMissingNode() || member.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!member.isObject()) {
      throw malformed(name + " in " + what + " is not a JSON object");
    }
    return member;
  }

  /** A member that is a text; absent as well if it is empty. */
  static Optional<String> text(JsonNode parent, String name, String what)
      throws ScanException.Unreadable {
    JsonNode member = member(parent, name);
    if (member.isMissingNode() || member.isNull()) {
      return Optional.empty();
    }
    if (!member.isString()) {
      throw malformed(name + " in " + what + " is not a text");
    }
    return Optional.of(member.asString()).filter(t -> !t.isEmpty());
  }

  static ScanException.Unreadable malformed(String why) {
    return new ScanException.Unreadable(why + ": correct it", null);
  }

  private static JsonNode member(JsonNode parent, String name) {
    if (parent.has(name)) {
      return parent.path(name);
    }
    for (String key : parent.propertyNames()) {
      if (key.equalsIgnoreCase(name)) {
        return parent.path(key);
      }
    }
    return parent.path(name);
  }
}
