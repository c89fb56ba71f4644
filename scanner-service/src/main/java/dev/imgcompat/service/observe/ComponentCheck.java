package dev.imgcompat.service.observe;

import static java.util.Objects.requireNonNull;

/**
 * One part of the service, and whether what is asked of it next is likely to succeed.
 *
 * @param name of the part
 * @param isNeeded whether the service is of no use without it
 * @param check throws if it does not work; must return soon
 */
public record ComponentCheck(String name, boolean isNeeded, Check check) {
  public ComponentCheck {
    requireNonNull(name, "name is null");
  }

  /** What is checked. */
  @FunctionalInterface
  public interface Check {
    /**
     * Checks.
     *
     * @return what there is to say of it, in one line
     * @throws RuntimeException whose message says in one line what is wrong
     */
    String make();
  }
}
