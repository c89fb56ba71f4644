package dev.imgcompat.core.access;

import java.util.Optional;

/** What a registry may be shown. No text form of it has a secret. */
public sealed interface Credentials {
  /** Where it comes from, fit for messages: a file, a helper, an option. */
  String origin();

  /**
   * There is nothing to show.
   *
   * @param origin where it was looked for
   * @param problem why there is nothing although there may be something, in one line, such as a
   *     helper that failed
   */
  record None(String origin, Optional<String> problem) implements Credentials {}

  /** A user's name and password. */
  record Password(String origin, String username, String password) implements Credentials {
    @Override
    public String toString() {
      return "Password[" + origin + "]";
    }
  }

  /** An identity token: a refresh token of OAuth 2, which a token server exchanges for another. */
  record IdentityToken(String origin, String token) implements Credentials {
    @Override
    public String toString() {
      return "IdentityToken[" + origin + "]";
    }
  }

  /** A token which the registry itself takes as it is. */
  record RegistryToken(String origin, String token) implements Credentials {
    @Override
    public String toString() {
      return "RegistryToken[" + origin + "]";
    }
  }
}
