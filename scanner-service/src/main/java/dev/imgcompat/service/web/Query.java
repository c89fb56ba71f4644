package dev.imgcompat.service.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters in the query of a request. Those of the servlet API would read the body of a form,
 * too, and with it what is JSON by its content. Immutable.
 */
final class Query {
  private static final int MAX_PARAMETERS = 200;

  private final Map<String, List<Optional<String>>> values;

  private Query(Map<String, List<Optional<String>>> values) {
    this.values = values;
  }

  /**
   * Reads the query of a request.
   *
   * @throws RefusedException if it has too many parameters; if one is wrongly encoded, whoever asks
   *     for it is told
   */
  static Query of(HttpServletRequest request) {
    return parse(request.getQueryString());
  }

  static Query parse(@Nullable String text) {
    Map<String, List<Optional<String>>> values = new LinkedHashMap<>();
    int at = 0;
    int count = 0;
    while (text != null && at < text.length()) {
      int end = text.indexOf('&', at);
      int stop = end < 0 ? text.length() : end;
      if (stop > at) {
        int equals = text.indexOf('=', at);
        boolean valued = equals >= 0 && equals < stop;
        String written = text.substring(at, valued ? equals : stop);
        String name = decoded(written).orElse(written);
        Optional<String> value =
            valued ? decoded(text.substring(equals + 1, stop)) : Optional.of("");
        values.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
        count++;
      }
      if (count > MAX_PARAMETERS) {
        throw RefusedException.malformed("the query has more than 200 parameters");
      }
      at = stop + 1;
    }
    return new Query(values);
  }

  private static Optional<String> decoded(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return Optional.of(text);
    }
    try {
      return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Refuses parameters of other names: a typo must not be ignored. */
  Query only(Set<String> names) {
    Set<String> others = new TreeSet<>(values.keySet());
    others.removeAll(names);
    if (!others.isEmpty()) {
      throw RefusedException.malformed(
          "no parameter '"
              + String.join("', '", others)
              + "' here; there are "
              + String.join(", ", new TreeSet<>(names)));
    }
    return this;
  }

  /** The value of a parameter; absent if it is empty. */
  Optional<String> single(String name) {
    List<String> all = all(name);
    if (all.size() > 1) {
      throw RefusedException.malformed("the parameter '" + name + "' is there more than once");
    }
    return all.isEmpty() || all.get(0).isEmpty() ? Optional.empty() : Optional.of(all.get(0));
  }

  /** The value of a parameter that must be there. */
  String required(String name) {
    return single(name)
        .orElseThrow(() -> RefusedException.malformed("the parameter '" + name + "' is missing"));
  }

  private static RefusedException undecodable(String name) {
    return RefusedException.malformed(
        "the parameter '"
            + name
            + "' of the query is wrongly encoded: % is not followed by two hexadecimal digits");
  }

  /** The values of a parameter that may be there more than once. */
  List<String> all(String name) {
    return values.getOrDefault(name, List.of()).stream()
        .map(value -> value.orElseThrow(() -> undecodable(name)))
        .toList();
  }

  /** Whether a switch is on: its name alone, or {@code true}; absent where it is not there. */
  Optional<Boolean> flag(String name) {
    if (!values.containsKey(name)) {
      return Optional.empty();
    }
    String value = single(name).orElse("true");
    return switch (value) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default ->
          throw RefusedException.malformed(
              "the parameter '" + name + "' is neither true nor false");
    };
  }
}
