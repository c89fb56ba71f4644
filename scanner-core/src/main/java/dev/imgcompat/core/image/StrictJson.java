package dev.imgcompat.core.image;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON of strangers, read so that no other reader finds something else in it: a key that is there
 * twice is refused, and so is one that differs from a key which is read by case only, since Go's
 * decoder takes it for that.
 */
public final class StrictJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private StrictJson() {}

  /**
   * Reads a value of any kind.
   *
   * @param what names it in failures
   * @throws ScanException.Damaged if it is no JSON, or has a key twice
   */
  public static JsonNode value(byte[] bytes, String what) throws ScanException.Damaged {
    try {
      return MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw malformed(what, e);
    }
  }

  /**
   * The failure to read something. It quotes nothing, and has no cause that would: what a registry
   * sends may be a secret that it was shown.
   */
  public static ScanException.Damaged malformed(String what, JacksonException cause) {
    boolean twice = String.valueOf(cause.getOriginalMessage()).startsWith("Duplicate");
    TokenStreamLocation at = cause.getLocation();
    return new ScanException.Damaged(
        what
            + (twice ? " has a key twice" : " is not JSON, or too much of it")
            // Where there is too much of something, nothing is said of where.
            + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"),
        null);
  }

  /** Reads an object; {@code what} names it in failures. */
  static JsonNode object(byte[] bytes, String what) throws ScanException.Damaged {
    JsonNode root = value(bytes, what);
    if (!root.isObject()) {
      throw new ScanException.Damaged(what + " is not a JSON object", null);
    }
    return root;
  }

  /** Refuses an object with a key that is one of {@code read} but for its case. */
  public static void requireExactKeys(JsonNode object, Set<String> read, String what)
      throws ScanException.Damaged {
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
