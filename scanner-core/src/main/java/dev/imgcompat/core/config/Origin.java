package dev.imgcompat.core.config;

/**
 * Where something is said.
 *
 * @param kind the earlier one wins
 * @param name of the flag or the variable, {@code FILE:LINE}, or nothing for the default
 */
public record Origin(Kind kind, String name) {
  /** Of what nobody has set. */
  public static final Origin DEFAULT = new Origin(Kind.DEFAULT, "");

  /** The kinds, the strongest first. */
  public enum Kind {
    FLAG,
    VARIABLE,
    FILE,
    DEFAULT
  }

  /** In words, such as {@code variable HTTPS_PROXY}. */
  @Override
  public String toString() {
    return switch (kind) {
      case FLAG -> "flag " + name;
      case VARIABLE -> "variable " + name;
      case FILE -> name;
      case DEFAULT -> "default";
    };
  }
}
