package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Items;
import dev.imgcompat.core.lint.ConfigValue.Kind;
import dev.imgcompat.core.lint.ConfigValue.Member;
import dev.imgcompat.core.lint.ConfigValue.Members;
import dev.imgcompat.core.lint.ConfigValue.Place;
import dev.imgcompat.core.lint.ConfigValue.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON as the worker does, which takes it for JSON5: with comments, unquoted keys and commas
 * at the end; of a key that is there twice the last value counts. No message quotes the file. For
 * one file, by one thread.
 */
final class JsonConfig {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(
              JsonReadFeature.ALLOW_JAVA_COMMENTS,
              JsonReadFeature.ALLOW_SINGLE_QUOTES,
              JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES,
              JsonReadFeature.ALLOW_TRAILING_COMMA,
              JsonReadFeature.ALLOW_HEXADECIMAL_NUMBERS,
              JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS,
              JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS,
              JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS,
              JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS,
              JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .build();
  private static final String PROBLEM =
      "not JSON that the worker can read, and it starts no build: check quotes, commas and braces"
          + " here and above, and whether the file is whole";

  private final String file;
  private final JsonParser parser;

  private JsonConfig(String file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /** Reads a file, in which there must be something. */
  static Optional<ConfigValue> read(String file, String text) throws RouterConfigException {
    try (JsonParser parser = MAPPER.createParser(text)) {
      JsonConfig config = new JsonConfig(file, parser);
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new RouterConfigException(new Place(file, 1), PROBLEM);
      }
      ConfigValue value = config.value(first);
      if (parser.nextToken() != null) {
        throw new RouterConfigException(config.place(), PROBLEM);
      }
      return Optional.of(value);
    } catch (JacksonException e) {
      // Without message and cause, which quote the file.
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      throw new RouterConfigException(new Place(file, line), PROBLEM);
    } catch (StackOverflowError e) {
      throw new RouterConfigException(new Place(file, 1), "nested too deep for a configuration");
    }
  }

  private ConfigValue value(JsonToken token) {
    Place place = place();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Member> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          Place keyPlace = place();
          String key = parser.currentName();
          members.put(key, new Member(keyPlace, value(parser.nextToken())));
        }
        yield new Members(place, members);
      }
      case START_ARRAY -> {
        List<ConfigValue> items = new ArrayList<>();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
          items.add(value(t));
        }
        yield new Items(place, items);
      }
      case VALUE_NULL -> new Scalar(place, Kind.NULL, "null");
      case VALUE_TRUE, VALUE_FALSE -> new Scalar(place, Kind.BOOLEAN, parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Scalar(place, Kind.NUMBER, EcmaNumber.text(parser.getDoubleValue()));
      default -> new Scalar(place, Kind.TEXT, parser.getString());
    };
  }

  private Place place() {
    return new Place(file, Math.max(1, parser.currentTokenLocation().getLineNr()));
  }
}
