package dev.imgcompat.service.store.jdbc;

/**
 * The parts of a canonical reference that can be asked for.
 *
 * @param registry host and port
 * @param repository such as {@code library/centos}
 */
record RepositoryName(String registry, String repository) {
  /** Takes a canonical reference apart, such as {@code docker.io/library/centos:6.8}. */
  static RepositoryName of(String canonical) {
    int slash = canonical.indexOf('/');
    String registry = slash < 0 ? "" : canonical.substring(0, slash);
    String rest = canonical.substring(slash + 1);
    int digest = rest.indexOf('@');
    String name = digest < 0 ? rest : rest.substring(0, digest);
    int tag = name.indexOf(':');
    return new RepositoryName(registry, tag < 0 ? name : name.substring(0, tag));
  }
}
