package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;

/**
 * Credentials that the user gave for one registry. All other registries are left to another source:
 * none of them is shown what is not for it. Safe for use by several threads.
 */
public final class GivenCredentials implements CredentialSource {
  private final String registry;
  private final Credentials given;
  private final CredentialSource others;

  /**
   * Creates a source.
   *
   * @param registry that the credentials are for: its host, with a port where it has one; Docker
   *     Hub may be spelled in any of its ways
   * @param given for all of its repositories
   * @param others for all other registries
   */
  public GivenCredentials(String registry, Credentials given, CredentialSource others) {
    this.registry = RegistryName.canonical(registry);
    this.given = given;
    this.others = others;
  }

  @Override
  public Credentials find(String registry, String repository)
      throws ScanException, InterruptedException {
    return RegistryName.canonical(registry).equals(this.registry)
        ? given
        : others.find(registry, repository);
  }
}
