package dev.imgcompat.core.config;

import dev.imgcompat.core.config.Statements.Slot;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Collects what is said, and sees that it makes sense. */
final class StatementsBuilder {
  private final Map<Slot, Statement<?>> all = new LinkedHashMap<>();
  private final TreeSet<String> registries = new TreeSet<>();

  /** Notes that a registry is named, whether or not something is said of it. */
  void name(String registry) {
    registries.add(registry);
  }

  /** Whether this is said of all registries. */
  boolean has(Key<?> key, Origin.Kind kind) {
    return all.containsKey(new Slot(key, kind, Optional.empty()));
  }

  /**
   * Adds a statement, unless the same place says something of it already.
   *
   * @param registry empty for all
   * @param words its values as they are written
   * @param base of paths
   */
  <T> void add(
      Key<T> key, Optional<String> registry, List<Word> words, PathBase base, Origin origin)
      throws ConfigException {
    if (!key.many() && words.size() != 1) {
      throw new ConfigException(
          origin,
          (words.isEmpty() ? "has no value" : "is given more than once")
              + registry.map(host -> " for " + host).orElse("")
              + ": write one value");
    }
    List<Setting<T>> values = new ArrayList<>();
    for (Word word : words) {
      values.add(new Setting<>(parse(key, word, base), word.origin()));
    }
    registry.ifPresent(this::name);
    all.putIfAbsent(new Slot(key, origin.kind(), registry), new Statement<>(key, values, origin));
  }

  /** Adds what flags or a variable say, where the registry is part of the text. */
  <T> void addWritten(Key<T> key, List<String> texts, PathBase base, Origin origin)
      throws ConfigException {
    Map<Optional<String>, List<Word>> words = new LinkedHashMap<>();
    if (key.written() == Key.Written.LIST) {
      words.put(Optional.empty(), new ArrayList<>());
    }
    for (String text : texts) {
      int equals = text.indexOf('=');
      String before = equals < 0 ? "" : text.substring(0, equals);
      Optional<String> registry =
          switch (key.written()) {
            case VALUE, LIST -> Optional.empty();
            case REGISTRIES -> Optional.of(registry(text, origin));
            case OF_A_REGISTRY -> {
              if (equals < 0) {
                throw new ConfigException(
                    origin, "does not say of which registry: write HOST=MIRROR[/PREFIX]");
              }
              yield Optional.of(registry(before, origin));
            }
            case PERHAPS_OF_A_REGISTRY ->
                RegistryText.isName(before)
                    ? Optional.of(registry(before, origin))
                    : Optional.empty();
          };
      String value =
          switch (key.written()) {
            case VALUE, LIST -> text;
            case REGISTRIES -> "true";
            case OF_A_REGISTRY -> text.substring(equals + 1);
            case PERHAPS_OF_A_REGISTRY -> registry.isPresent() ? text.substring(equals + 1) : text;
          };
      List<Word> known = words.computeIfAbsent(registry, host -> new ArrayList<>());
      if (key.written() != Key.Written.REGISTRIES || known.isEmpty()) {
        known.add(new Word(value, origin));
      }
    }
    for (Map.Entry<Optional<String>, List<Word>> entry : words.entrySet()) {
      add(key, entry.getKey(), entry.getValue(), base, origin);
    }
  }

  /** Checks what must fit together. */
  Statements build() throws ConfigException {
    for (Map.Entry<Slot, Statement<?>> entry : all.entrySet()) {
      requirePair(entry.getKey(), entry.getValue(), Key.CLIENT_CERT, Key.CLIENT_KEY);
      requirePair(entry.getKey(), entry.getValue(), Key.CLIENT_KEY, Key.CLIENT_CERT);
      requireOthers(entry.getKey(), entry.getValue());
    }
    return new Statements(all, Collections.unmodifiableSet(registries));
  }

  private void requirePair(Slot slot, Statement<?> statement, Key<?> one, Key<?> other)
      throws ConfigException {
    if (slot.key().equals(one) && !all.containsKey(new Slot(other, slot.kind(), slot.registry()))) {
      throw new ConfigException(
          statement.origin(),
          one.name()
              + slot.registry().map(host -> " for " + host).orElse("")
              + " comes without its "
              + other.name()
              + ": give "
              + other.nameIn(slot.kind())
              + " in the same way");
    }
  }

  /** A registry that is asked instead of itself would be asked for ever. */
  private static void requireOthers(Slot slot, Statement<?> statement) throws ConfigException {
    for (Setting<?> setting : statement.values()) {
      if (setting.value() instanceof Mirror mirror
          && slot.registry().equals(Optional.of(mirror.host()))) {
        throw new ConfigException(
            setting.origin(),
            mirror.host() + " is named as a mirror of itself: write another host, or leave it out");
      }
    }
  }

  private static String registry(String text, Origin origin) throws ConfigException {
    try {
      return RegistryText.parse(text);
    } catch (BadValueException e) {
      throw new ConfigException(origin, e.getMessage());
    }
  }

  private static <T> T parse(Key<T> key, Word word, PathBase base) throws ConfigException {
    try {
      return key.form().parser().parse(word.text(), base);
    } catch (BadValueException e) {
      boolean said = word.origin().kind() != Origin.Kind.FILE;
      throw new ConfigException(
          word.origin(), said ? e.getMessage() : key.name() + ": " + e.getMessage());
    }
  }

  /** A value as it is written, and where. */
  record Word(String text, Origin origin) {
    /** Without the text, which may hold a password. */
    @Override
    public String toString() {
      return "Word[" + origin + "]";
    }
  }
}
