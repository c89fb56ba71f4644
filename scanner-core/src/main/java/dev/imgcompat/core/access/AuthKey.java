package dev.imgcompat.core.access;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * What an entry of an auth file is for. Docker's are for a registry, written as its host or as any
 * URL at it ({@code ConvertToHostname} in {@code cli/config/credentials/file_store.go} of
 * docker/cli); podman's may also be for repositories below a path of it (containers-auth.json(5)),
 * and then have no scheme.
 *
 * @param registry in its canonical spelling
 * @param path of the repositories; empty for all of the registry
 */
record AuthKey(String registry, String path) {
  private static final String DOCKER_HUB_URL = "https://index.docker.io/v1/";
  private static final List<String> SCHEMES = List.of("https://", "http://");

  static AuthKey parse(String key) {
    String rest = key;
    for (String scheme : SCHEMES) {
      if (key.regionMatches(true, 0, scheme, 0, scheme.length())) {
        rest = key.substring(scheme.length());
      }
    }
    int slash = rest.indexOf('/');
    if (slash < 0) {
      return new AuthKey(RegistryName.canonical(rest), "");
    }
    String path = rest.substring(slash + 1);
    if (rest.length() < key.length() || path.equals("v1/") || path.equals("v2/")) {
      path = "";
    } else if (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return new AuthKey(RegistryName.canonical(rest.substring(0, slash)), path);
  }

  /** As what docker's programs know a registry, given its canonical spelling. */
  static String serverOf(String registry) {
    return registry.equals(RegistryName.DOCKER_HUB) ? DOCKER_HUB_URL : registry;
  }

  /**
   * Those of some keys that are for a repository, or for more: the most specific first, and of
   * those for the registry the usual spelling.
   *
   * @param registry in its canonical spelling
   */
  static List<String> matching(Collection<String> keys, String registry, String repository) {
    return keys.stream()
        .filter(key -> parse(key).covers(registry, repository))
        .sorted(
            Comparator.comparing((String key) -> -parse(key).path().length())
                .thenComparing(key -> !key.equals(serverOf(registry)))
                .thenComparing(key -> !key.equals(registry)))
        .toList();
  }

  private boolean covers(String other, String repository) {
    return registry.equals(other)
        && (path.isEmpty() || repository.equals(path) || repository.startsWith(path + "/"));
  }
}
