package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.image.ScanException;

/** Says in one line that a registry does not let us, and what would make it. */
final class Denials {
  /** What else to do where the repositories are not listed. */
  static final String INSTEAD_OF_CATALOG =
      "name the repositories that you want, or use the source for Harbor or Quay if it is one";

  private Denials() {}

  /**
   * A registry does not let us have something.
   *
   * @param question what it was asked for
   * @param why its answer, such as {@code status 401}
   * @param unknown whether it does not know what it was shown; otherwise there is no right
   * @param shown what it was shown
   */
  static ScanException.AccessDenied denied(
      Question question, String registry, String why, boolean unknown, Credentials shown) {
    String message;
    if (question.scope() instanceof Scope.Pulling pulling) {
      message = pull(pulling.repository(), registry, why, unknown, shown);
    } else if (question.scope() instanceof Scope.Catalog) {
      message = list(registry, why, shown);
    } else {
      message = read(question.what(), registry, why, unknown, shown);
    }
    return new ScanException.AccessDenied(message);
  }

  private static String pull(
      String repository, String registry, String why, boolean unknown, Credentials shown) {
    String who = "registry " + registry;
    if (shown instanceof Credentials.None none) {
      return who
          + " does not let everybody pull "
          + repository
          + " ("
          + why
          + "): there is no such repository, or no right to see it without credentials"
          // The way to credentials leads past what is in the way of those that there are.
          + none.problem()
              .map(Denials::notToBeHad)
              .orElse(": " + login(registry) + ", or give --username and --password-stdin");
    }
    if (unknown) {
      return who
          + " does not accept the credentials of "
          + shown.origin()
          + " for "
          + repository
          + " ("
          + why
          + "): log in again with 'docker login "
          + registry
          + "', or check the spelling of the repository";
    }
    return who
        + " lets the credentials of "
        + shown.origin()
        + " not pull "
        + repository
        + " ("
        + why
        + "): there is no such repository, or they have no right to it, which its owner can give";
  }

  /** Most registries list their repositories for administrators only, or for nobody. */
  private static String list(String registry, String why, Credentials shown) {
    if (shown instanceof Credentials.None none) {
      return "registry "
          + registry
          + " does not list its repositories for everybody ("
          + why
          + "): "
          + INSTEAD_OF_CATALOG
          + none.problem().map(Denials::notToBeHad).orElse("; or " + login(registry));
    }
    return "registry "
        + registry
        + " does not list its repositories with the credentials of "
        + shown.origin()
        + " ("
        + why
        + "): "
        + INSTEAD_OF_CATALOG;
  }

  private static String read(
      String what, String registry, String why, boolean unknown, Credentials shown) {
    if (shown instanceof Credentials.None none) {
      return "registry "
          + registry
          + " does not tell everybody "
          + what
          + " ("
          + why
          + ")"
          + none.problem().map(Denials::notToBeHad).orElse(": " + login(registry));
    }
    return "registry "
        + registry
        + (unknown ? " does not accept" : " does not tell " + what + " with")
        + " the credentials of "
        + shown.origin()
        + (unknown ? " for " + what : "")
        + " ("
        + why
        + "): "
        + (unknown
            ? "log in again with 'docker login "
                + registry
                + "'; a Quay wants the user $oauthtoken, and an OAuth token as the password"
            : "its administrator can give them the right to it");
  }

  private static String notToBeHad(String problem) {
    return "; those that there may be were not to be had: " + problem;
  }

  private static String login(String registry) {
    return "log in with 'docker login " + registry + "'";
  }
}
