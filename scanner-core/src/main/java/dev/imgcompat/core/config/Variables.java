package dev.imgcompat.core.config;

import dev.imgcompat.core.config.Origin.Kind;
import dev.imgcompat.core.config.StatementsBuilder.Word;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What variables say: our own, and those that others have brought into use. An empty one is not
 * set.
 */
final class Variables {
  private final Map<String, String> environment;
  private final PathBase base;
  private final StatementsBuilder statements;

  private Variables(Map<String, String> environment, PathBase base, StatementsBuilder statements) {
    this.environment = environment;
    this.base = base;
    this.statements = statements;
  }

  /** Reads them; flags must have been read before. */
  static void read(Map<String, String> environment, PathBase base, StatementsBuilder statements)
      throws ConfigException {
    Variables variables = new Variables(environment, base, statements);
    for (Key<?> key : Key.ALL) {
      variables.own(key);
    }
    variables.authfile();
    variables.proxies();
    variables.bypass();
  }

  /** The first of some variables that is set. */
  static Optional<Word> first(Map<String, String> environment, String... names) {
    for (String name : names) {
      String text = environment.getOrDefault(name, "").strip();
      if (!text.isEmpty()) {
        return Optional.of(new Word(text, new Origin(Kind.VARIABLE, name)));
      }
    }
    return Optional.empty();
  }

  private void own(Key<?> key) throws ConfigException {
    Optional<Word> word = first(environment, key.variable());
    if (word.isPresent()) {
      List<String> texts =
          key.written() == Key.Written.VALUE
              ? List.of(word.get().text())
              : Flags.list(word.get().text());
      statements.addWritten(key, texts, base, word.get().origin());
    }
  }

  private void authfile() throws ConfigException {
    add(Key.AUTHFILE, first(environment, "REGISTRY_AUTH_FILE"));
  }

  /**
   * Reads those of proxies, unless they do not matter: what stands in them may be meant for
   * programs that can do more. Of two spellings Go takes the upper case.
   */
  private void proxies() throws ConfigException {
    if (statements.has(Key.PROXY, Kind.FLAG) || statements.has(Key.PROXY, Kind.VARIABLE)) {
      return;
    }
    add(Key.PROXY_OF_HTTPS, first(environment, "HTTPS_PROXY", "https_proxy"));
    add(Key.PROXY_OF_HTTP, first(environment, "HTTP_PROXY", "http_proxy"));
  }

  /** As Go does, passes over what cannot be understood. */
  private void bypass() throws ConfigException {
    Optional<Word> word = first(environment, "NO_PROXY", "no_proxy");
    if (word.isPresent()) {
      List<Word> known =
          Flags.list(word.get().text()).stream()
              .filter(Variables::isBypass)
              .map(text -> new Word(text, word.get().origin()))
              .toList();
      statements.add(Key.NO_PROXY, Optional.empty(), known, base, word.get().origin());
    }
  }

  private static boolean isBypass(String text) {
    try {
      return !Bypass.parse(text).isEmpty();
    } catch (BadValueException e) {
      return false;
    }
  }

  private void add(Key<?> key, Optional<Word> word) throws ConfigException {
    if (word.isPresent()) {
      statements.add(key, Optional.empty(), List.of(word.get()), base, word.get().origin());
    }
  }
}
