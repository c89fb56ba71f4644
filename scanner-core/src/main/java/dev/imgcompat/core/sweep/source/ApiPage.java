package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ScanException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One answer of an API: a list, or an object that has one. The list's items are shown one at a
 * time, and not held.
 *
 * @param items how many there were
 * @param members the others of the object that are texts, numbers or truth values
 */
record ApiPage(int items, Map<String, String> members) {
  private static final int MOST_MEMBERS = 100;
  private static final int LONGEST_MEMBER = 4096;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // items have others behind them
          .build();

  ApiPage {
    members = Map.copyOf(members);
  }

  /** Is shown an item. */
  @FunctionalInterface
  interface Item {
    void take(JsonNode item) throws ScanException, InterruptedException;
  }

  /** Another member of the object, if it is there and not absurdly long. */
  Optional<String> member(String name) {
    return Optional.ofNullable(members.get(name)).filter(m -> m.length() <= LONGEST_MEMBER);
  }

  /**
   * Reads one.
   *
   * @param list the member that is the list; empty where the whole is one
   * @throws Senseless if it is something else
   */
  static ApiPage read(byte[] json, Optional<String> list, Item item)
      throws Senseless, ScanException, InterruptedException {
    try (JsonParser parser = MAPPER.createParser(json)) {
      JsonToken first = parser.nextToken();
      ApiPage page;
      if (list.isEmpty()) {
        page = new ApiPage(items(parser, first, item), Map.of());
      } else {
        page = object(parser, first, list.get(), item);
      }
      if (parser.nextToken() != null) {
        throw new Senseless("its answer goes on after the list");
      }
      return page;
    } catch (JacksonException e) {
      // Without the cause, which quotes the answer.
      throw new Senseless("it did not answer with JSON, or with too much of it");
    }
  }

  private static ApiPage object(JsonParser parser, JsonToken first, String list, Item item)
      throws Senseless, ScanException, InterruptedException {
    if (first != JsonToken.START_OBJECT) {
      throw new Senseless("it did not answer with an object of JSON");
    }
    int items = -1;
    Map<String, String> members = new HashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals(list)) {
        items = items(parser, value, item);
      } else if (value.isScalarValue()
          && value != JsonToken.VALUE_NULL
          && members.size() < MOST_MEMBERS) {
        members.put(name, parser.getString());
      } else {
        parser.skipChildren();
      }
    }
    if (items < 0) {
      throw new Senseless("its answer has no '" + list + "'");
    }
    return new ApiPage(items, members);
  }

  /** An empty list may be written as null. */
  private static int items(JsonParser parser, JsonToken first, Item item)
      throws Senseless, ScanException, InterruptedException {
    if (first == JsonToken.VALUE_NULL) {
      return 0;
    }
    if (first != JsonToken.START_ARRAY) {
      throw new Senseless("what it answered is no list");
    }
    int items = 0;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == null) {
        throw new Senseless("its answer ends too early");
      }
      items++;
      item.take(MAPPER.readTree(parser));
    }
    return items;
  }

  /** An answer that is not what an API answers. */
  static final class Senseless extends Exception {
    private static final long serialVersionUID = 1L;

    Senseless(String message) {
      super(message);
    }
  }
}
