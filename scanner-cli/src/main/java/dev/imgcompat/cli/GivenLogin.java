package dev.imgcompat.cli;

/**
 * Credentials for one registry that were given on the command line and standard input.
 *
 * @param registry its host, with a port where it has one; {@code docker.io} is Docker Hub
 */
record GivenLogin(String registry, String username, String password) {
  /** Without the password. */
  @Override
  public String toString() {
    return "GivenLogin[" + registry + "]";
  }
}
