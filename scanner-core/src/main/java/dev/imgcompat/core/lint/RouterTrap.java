package dev.imgcompat.core.lint;

import java.util.Locale;

/**
 * Something in a configuration that the router takes for something else than its author.
 *
 * @param file as it was named
 * @param line counted from 1
 * @param id the kind of the trap, such as {@code exclusion-singular}; stable
 * @param message what is wrong, what the router does then, what to write instead; of one line, safe
 *     to print, and without any value of the file but patterns, keys and names of executors
 */
public record RouterTrap(String file, int line, Severity severity, String id, String message) {
  /** How bad it is, worst first. */
  public enum Severity {
    /** Images run where they should not, or builds do not start. */
    ERROR,
    /** It is likely not what was meant. */
    WARNING,
    /** Good to know. */
    NOTE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
