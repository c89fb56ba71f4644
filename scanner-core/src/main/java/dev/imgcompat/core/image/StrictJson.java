package dev.imgcompat.core.image;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON of strangers, read so that no other reader finds something else in it: a key that is there
 * twice is refused, and so is one that differs from a key which is read by case only, since Go's
 * decoder takes it for that.
 */
final class StrictJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private StrictJson() {}

  /** Reads an object; {@code what} names it in failures. */
  static JsonNode object(byte[] bytes, String what) throws ScanException {
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw new ScanException.Damaged(what + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw new ScanException.Damaged(what + " is not a JSON object", null);
    }
    return root;
  }

  /** Refuses an object with a key that is one of {@code read} but for its case. */
  static void requireExactKeys(JsonNode object, Set<String> read, String what)
      throws ScanException {
    for (String key : object.propertyNames()) {
      if (read.contains(key)) {
        continue;
      }
      for (String known : read) {
        if (known.equalsIgnoreCase(key)) {
          throw new ScanException.Damaged(
              what
                  + " has the key '"
                  + key
                  + "', which some programs read as '"
                  + known
                  + "' and others do not",
              null);
        }
      }
    }
  }

  /** Whether an object has a key, and with a value other than null. */
  static boolean has(JsonNode object, String key) {
    return !object.path(key).isMissingNode() && !object.path(key).isNull();
  }
}
