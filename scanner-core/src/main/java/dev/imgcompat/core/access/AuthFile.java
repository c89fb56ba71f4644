package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * What {@code config.json} of docker or {@code auth.json} of podman says: the two have one form.
 *
 * <p>A program in {@code credHelpers} goes before that of {@code credsStore}, and that before
 * {@code auths}. As docker does, {@code auths} is not asked if the program has nothing ({@code
 * GetCredentialsStore} in {@code cli/config/configfile/file.go}); other than docker, it is asked if
 * the program does not work.
 */
final class AuthFile {
  private final String name;
  private final JsonNode json;
  private final Function<String, CredentialProgram> programs;

  /**
   * Creates one.
   *
   * @param name for messages
   * @param json as it was read
   * @param programs gives the program of a name that follows {@code docker-credential-}
   */
  AuthFile(String name, JsonNode json, Function<String, CredentialProgram> programs) {
    this.name = name;
    this.json = json;
    this.programs = programs;
  }

  /**
   * Finds credentials.
   *
   * @param registry in its canonical spelling
   * @throws ScanException.Unreadable if what is there for the registry is malformed
   */
  Credentials find(String registry, String repository)
      throws ScanException.Unreadable, InterruptedException {
    Credentials.None nothing = new Credentials.None(name, Optional.empty());
    JsonNode programOf = PrivateJson.object(json, "credHelpers", name);
    List<String> keys = AuthKey.matching(programOf.propertyNames(), registry, "");
    Optional<String> program = PrivateJson.text(json, "credsStore", name);
    if (!keys.isEmpty()) {
      program = PrivateJson.text(programOf, keys.get(0), name);
    }
    if (program.isPresent()) {
      Credentials answer = ask(programs.apply(program.get()), servers(registry, keys));
      if (!(answer instanceof Credentials.None none) || none.problem().isEmpty()) {
        return answer;
      }
      nothing = new Credentials.None(name, none.problem().map(p -> p + " (" + name + " names it)"));
    }
    JsonNode auths = PrivateJson.object(json, "auths", name);
    for (String key : AuthKey.matching(auths.propertyNames(), registry, repository)) {
      Optional<Credentials> found = AuthEntry.read(auths.path(key), key, name);
      if (found.isPresent()) {
        return found.get();
      }
    }
    return nothing;
  }

  /** As what the program may know the registry: podman does not call Docker Hub as docker does. */
  private static List<String> servers(String registry, List<String> keys) {
    String server = AuthKey.serverOf(registry);
    return server.equals(registry) || !keys.contains(registry)
        ? List.of(server)
        : List.of(server, registry);
  }

  private static Credentials ask(CredentialProgram program, List<String> servers)
      throws InterruptedException {
    Credentials answer = program.get(servers.get(0));
    boolean known = !(answer instanceof Credentials.None none) || none.problem().isPresent();
    return known || servers.size() == 1 ? answer : program.get(servers.get(1));
  }
}
