package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Kind;
import dev.imgcompat.core.lint.ConfigValue.Scalar;

/**
 * A weight as the router counts it, and as it draws by it: it reads it in two ways.
 *
 * @param counted what it adds to the sum of which a number is drawn: {@code +weight || 0}
 * @param drawn how many of these numbers are the executor's: {@code parseInt(weight, 10) || 0}
 * @param isNumber whether the router can count it
 */
record Weight(double counted, double drawn, boolean isNumber) {
  static final Weight ZERO = new Weight(0, 0, true);

  static Weight of(ConfigValue value) {
    String text = value.text();
    double counted =
        value instanceof Scalar scalar && scalar.kind() == Kind.BOOLEAN
            ? (text.equals("true") ? 1 : 0)
            : value.isNull() ? 0 : EcmaNumber.number(text);
    double drawn = EcmaNumber.leadingInteger(text);
    return new Weight(orZero(counted), orZero(drawn), !Double.isNaN(counted));
  }

  private static double orZero(double number) {
    return Double.isNaN(number) ? 0 : number;
  }

  /** Whether it is read in one way only. */
  boolean isUnambiguous() {
    return counted == drawn;
  }

  boolean isPositive() {
    return counted > 0;
  }
}
