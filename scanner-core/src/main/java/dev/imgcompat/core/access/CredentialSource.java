package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;
import java.util.Optional;

/** Finds credentials for registries. Safe for use by several threads. */
public interface CredentialSource {
  /** Knows none. */
  CredentialSource ANONYMOUS =
      (registry, repository) -> new Credentials.None("nowhere", Optional.empty());

  /**
   * Finds the credentials to pull a repository with. Called once for each repository and process,
   * as a rule; may run a program, and then takes seconds.
   *
   * @param registry its host, with a port where it has one; {@code docker.io} is Docker Hub
   * @param repository such as {@code library/centos}: files of Podman know credentials of parts of
   *     a registry
   * @throws ScanException if a file that was named by the user cannot be read or understood
   */
  Credentials find(String registry, String repository) throws ScanException, InterruptedException;
}
