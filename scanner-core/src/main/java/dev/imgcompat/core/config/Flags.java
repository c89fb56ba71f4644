package dev.imgcompat.core.config;

import dev.imgcompat.core.config.ConfigInputs.Flag;
import dev.imgcompat.core.config.Origin.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What flags say. */
final class Flags {
  private Flags() {}

  static void read(List<Flag> flags, PathBase base, StatementsBuilder statements)
      throws ConfigException {
    Map<Key<?>, List<String>> texts = new LinkedHashMap<>();
    for (Flag flag : flags) {
      texts.computeIfAbsent(key(flag.name()), key -> new ArrayList<>()).add(flag.value());
    }
    for (Map.Entry<Key<?>, List<String>> entry : texts.entrySet()) {
      Key<?> key = entry.getKey();
      List<String> values = entry.getValue();
      if (key.written() == Key.Written.LIST) {
        values = values.stream().flatMap(text -> list(text).stream()).toList();
      }
      statements.addWritten(key, values, base, new Origin(Kind.FLAG, key.flag()));
    }
  }

  /** The values of a list that is written with commas. */
  static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).filter(t -> !t.isEmpty()).toList();
  }

  private static Key<?> key(String flag) {
    for (Key<?> key : Key.ALL) {
      if (key.flag().equals(flag)) {
        return key;
      }
    }
    throw new IllegalArgumentException("no flag of registries: " + flag);
  }
}
