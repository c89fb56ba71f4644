package dev.imgcompat.core.config;

import dev.imgcompat.core.access.RegistryName;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of registries as people write them into settings. */
final class RegistryText {
  private static final int MAX_LENGTH = 261;
  private static final int MAX_PORT = 65_535;

  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
              + "|\\[[0-9a-f:.]+])(?::(\\d{1,5}))?");

  /** The scheme before a host, and what follows it. */
  private static final Pattern AROUND = Pattern.compile("^[a-z0-9+.-]*://|/.*$");

  private static final Pattern NETWORK = Pattern.compile("[0-9a-fA-F.:]+/\\d{1,3}");

  private RegistryText() {}

  static String parse(String text) throws BadValueException {
    Optional<String> name = find(text);
    if (name.isPresent()) {
      return name.get();
    }
    // With an @ there may be a password in it, of which nothing is repeated.
    Optional<String> meant =
        text.indexOf('@') >= 0
            ? Optional.empty()
            : find(AROUND.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(""));
    if (NETWORK.matcher(text).matches()) {
      throw new BadValueException(
          "a network is not taken: name each registry of it, as HOST or HOST:PORT");
    }
    throw new BadValueException(
        meant
            .map(host -> "a registry is named by its host alone: write " + host)
            .orElse("not the name of a registry: write HOST or HOST:PORT, such as docker.io"));
  }

  /** Whether a text could be the name of a registry. */
  static boolean isName(String text) {
    return find(text).isPresent();
  }

  private static Optional<String> find(String text) {
    String name = RegistryName.canonical(text);
    if (name.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int port = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
    return port >= 1 && port <= MAX_PORT ? Optional.of(name) : Optional.empty();
  }
}
