package dev.imgcompat.core.config;

import java.util.List;

/**
 * That a key has some value: one, or a list of them.
 *
 * @param key what is set
 * @param values one only, unless the key has many; these may be none
 * @param origin where it is said; that of a value may be a later line
 */
record Statement<T>(Key<T> key, List<Setting<T>> values, Origin origin) {
  Statement {
    values = List.copyOf(values);
  }
}
