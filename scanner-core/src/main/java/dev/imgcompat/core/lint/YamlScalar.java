package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Kind;
import dev.imgcompat.core.lint.ConfigValue.Place;
import dev.imgcompat.core.lint.ConfigValue.Scalar;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * What js-yaml 4 makes of a scalar by its default schema: YAML 1.2's, with dates and binary
 * numbers.
 */
final class YamlScalar {
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> BOOLEANS =
      Set.of("true", "True", "TRUE", "false", "False", "FALSE");
  private static final Pattern INTEGER =
      Pattern.compile("[-+]?(?:0b[01]+|0x[0-9a-fA-F]+|0o[0-7]+|[0-9]+)");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[-+]?[0-9]+(?:\\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|\\.[0-9]+(?:[eE][-+]?[0-9]+)?");
  private static final Pattern BINARY = Pattern.compile("[-+]?0b[01]+");
  private static final Pattern DATE =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}"
              + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*");

  private YamlScalar() {}

  static Scalar of(Place place, ScalarNode node) {
    String text = node.getValue();
    if (node.getTag().equals(Tag.STR) && (!node.isPlain() || !isLeftToUs(text))) {
      return new Scalar(place, Kind.TEXT, text);
    }
    if (NULLS.contains(text)) {
      return new Scalar(place, Kind.NULL, "null");
    }
    if (BOOLEANS.contains(text)) {
      return new Scalar(place, Kind.BOOLEAN, text.toLowerCase(Locale.ROOT));
    }
    if (INTEGER.matcher(text).matches() || FLOAT.matcher(text).matches()) {
      return new Scalar(place, Kind.NUMBER, EcmaNumber.text(number(text)));
    }
    return switch (text) {
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" ->
          new Scalar(place, Kind.NUMBER, "Infinity");
      case "-.inf", "-.Inf", "-.INF" -> new Scalar(place, Kind.NUMBER, "-Infinity");
      case ".nan", ".NaN", ".NAN" -> new Scalar(place, Kind.NUMBER, "NaN");
      default -> new Scalar(place, DATE.matcher(text).matches() ? Kind.DATE : Kind.TEXT, text);
    };
  }

  /** What YAML 1.2 has as a text, unlike js-yaml. */
  private static boolean isLeftToUs(String text) {
    return BINARY.matcher(text).matches() || DATE.matcher(text).matches();
  }

  private static double number(String text) {
    boolean negative = text.startsWith("-");
    String plain = negative || text.startsWith("+") ? text.substring(1) : text;
    double value =
        plain.startsWith("0b") || plain.startsWith("0x") || plain.startsWith("0o")
            ? new BigInteger(
                    plain.substring(2),
                    switch (plain.charAt(1)) {
                      case 'b' -> 2;
                      case 'o' -> 8;
                      default -> 16;
                    })
                .doubleValue()
            : Double.parseDouble(plain);
    return negative ? -value : value;
  }
}
