package dev.imgcompat.core.lint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A value of a configuration, as JavaScript has it, with the place that it comes from. Immutable.
 */
sealed interface ConfigValue {
  /** Bound of what a list of lists is as one text. */
  int MAX_TEXT = 100_000;

  /**
   * Where something is.
   *
   * @param line counted from 1
   */
  record Place(String file, int line) {}

  /** What a scalar is. */
  enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN,
    DATE,
    NULL
  }

  /**
   * Anything but a list or a map.
   *
   * @param text as JavaScript's {@code String(value)} writes it
   */
  record Scalar(Place place, Kind kind, String text) implements ConfigValue {}

  /** A list. */
  record Items(Place place, List<ConfigValue> values) implements ConfigValue {
    public Items {
      values = List.copyOf(values);
    }
  }

  /** Keys and values, in the order of the file. */
  record Members(Place place, Map<String, Member> members) implements ConfigValue {
    /** What a key has. */
    Optional<Member> get(String key) {
      return Optional.ofNullable(members.get(key));
    }

    /** What is found by one key after the other. */
    Optional<ConfigValue> find(String... path) {
      Optional<ConfigValue> found = Optional.of(this);
      for (String key : path) {
        found = found.flatMap(v -> v instanceof Members m ? m.value(key) : Optional.empty());
      }
      return found;
    }

    Optional<ConfigValue> value(String key) {
      return get(key).map(Member::value);
    }
  }

  /**
   * A key with its value.
   *
   * @param place of the key
   */
  record Member(Place place, ConfigValue value) {}

  Place place();

  /** As JavaScript's {@code String(value)} writes it. */
  default String text() {
    if (this instanceof Items items) {
      StringBuilder text = new StringBuilder();
      for (ConfigValue item : items.values()) {
        text.append(text.isEmpty() ? "" : ",").append(item.isNull() ? "" : item.text());
        if (text.length() > MAX_TEXT) {
          break;
        }
      }
      return text.toString();
    }
    return this instanceof Scalar scalar ? scalar.text() : "[object Object]";
  }

  default boolean isNull() {
    return this instanceof Scalar scalar && scalar.kind() == Kind.NULL;
  }

  /** Whether JavaScript's {@code if (value)} takes it for false. */
  default boolean isFalsy() {
    return this instanceof Scalar scalar
        && switch (scalar.kind()) {
          case NULL -> true;
          case TEXT -> scalar.text().isEmpty();
          case BOOLEAN -> scalar.text().equals("false");
          case NUMBER -> scalar.text().equals("0") || scalar.text().equals("NaN");
          case DATE -> false;
        };
  }

  /** Whether there is nothing in it that would say anything: "", null, false, {}, []. */
  default boolean isBlank() {
    return this instanceof Members map
        ? map.members().isEmpty()
        : this instanceof Items items ? items.values().isEmpty() : isFalsy();
  }

  /** What it is called in messages, which never quote it. */
  default String noun() {
    if (this instanceof Scalar scalar) {
      return switch (scalar.kind()) {
        case TEXT -> "a text";
        case NUMBER -> "a number";
        case BOOLEAN -> scalar.text();
        case DATE -> "a date";
        case NULL -> "null";
      };
    }
    return this instanceof Items ? "a list" : "a map";
  }

  /**
   * One over the other, as the worker's configuration library merges files: maps key by key, and
   * everything else, null included, in place of what was there.
   */
  static ConfigValue merged(ConfigValue lower, ConfigValue upper) {
    if (!(lower instanceof Members below && upper instanceof Members above)) {
      return upper;
    }
    Map<String, Member> members = new LinkedHashMap<>(below.members());
    above
        .members()
        .forEach(
            (key, member) ->
                members.merge(
                    key, member, (b, a) -> new Member(a.place(), merged(b.value(), a.value()))));
    return new Members(above.place(), members);
  }

  /** The keys of a map as messages list them. */
  static String listed(java.util.Collection<String> keys) {
    return keys.stream().map(Quoted::of).collect(Collectors.joining(", "));
  }
}
