package dev.imgcompat.core.source;

import dev.imgcompat.core.image.ScanException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the lists of strings in archives of Docker. */
final class SavedJson {
  private static final int MAX_STRINGS = 1000;

  private SavedJson() {}

  /** The strings of a list, which may be null. */
  static List<String> strings(JsonNode list, String subject) throws ScanException {
    if (!list.isArray() && !list.isNull() && !list.isMissingNode()) {
      throw new ScanException.Damaged(subject + " has something else where a list is due", null);
    }
    if (list.size() > MAX_STRINGS) {
      throw new ScanException.LimitExceeded(
          subject + " lists " + list.size() + " layers or names; the limit is " + MAX_STRINGS);
    }
    List<String> strings = new ArrayList<>();
    for (JsonNode item : list) {
      strings.add(item.asString(""));
    }
    return strings;
  }
}
