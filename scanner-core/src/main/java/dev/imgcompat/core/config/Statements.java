package dev.imgcompat.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that is said, and what of it holds: flags over variables over the file, and each of these for
 * one registry over the same for all. Immutable.
 */
final class Statements {
  /**
   * What is said once at most.
   *
   * @param registry empty for all of them
   */
  record Slot(Key<?> key, Origin.Kind kind, Optional<String> registry) {}

  private final Map<Slot, Statement<?>> all;
  private final Set<String> registries;

  /** Takes what is said, and the registries that are named, in the order to show them. */
  Statements(Map<Slot, Statement<?>> all, Set<String> registries) {
    this.all = Map.copyOf(all);
    this.registries = registries;
  }

  /** The registries of which something is said. */
  Set<String> registries() {
    return registries;
  }

  /**
   * Returns the strongest statement.
   *
   * @param registry empty for what holds for those that are not named
   * @param keys the first one wins where the same level says several
   */
  <T> Optional<Statement<T>> strongest(Optional<String> registry, List<Key<T>> keys) {
    for (Origin.Kind kind : Origin.Kind.values()) {
      for (Optional<String> scope : scopes(registry)) {
        for (Key<T> key : keys) {
          Optional<Statement<T>> found = at(key, kind, scope);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** What all statements say together, the strongest first. */
  <T> List<Setting<T>> every(Optional<String> registry, Key<T> key) {
    List<Setting<T>> values = new ArrayList<>();
    for (Origin.Kind kind : Origin.Kind.values()) {
      for (Optional<String> scope : scopes(registry)) {
        at(key, kind, scope).ifPresent(statement -> values.addAll(statement.values()));
      }
    }
    return values;
  }

  /** The value that holds, if any is said or is the default. */
  <T> Optional<Setting<T>> value(Optional<String> registry, Key<T> key) {
    return value(registry, List.of(key));
  }

  /** The same, of several keys. */
  <T> Optional<Setting<T>> value(Optional<String> registry, List<Key<T>> keys) {
    return strongest(registry, keys)
        .map(statement -> statement.values().get(0))
        .or(() -> keys.get(0).standard().map(value -> new Setting<>(value, Origin.DEFAULT)));
  }

  /** The value of a key that has a default. */
  <T> T get(Optional<String> registry, Key<T> key) {
    return value(registry, key).orElseThrow().value();
  }

  private static List<Optional<String>> scopes(Optional<String> registry) {
    return registry.isEmpty() ? List.of(registry) : List.of(registry, Optional.empty());
  }

  @SuppressWarnings("unchecked") // the builder puts a statement where its key is
  private <T> Optional<Statement<T>> at(Key<T> key, Origin.Kind kind, Optional<String> registry) {
    return Optional.ofNullable((Statement<T>) all.get(new Slot(key, kind, registry)));
  }
}
