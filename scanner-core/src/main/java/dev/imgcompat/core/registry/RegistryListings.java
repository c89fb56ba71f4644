package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.ScanException;

/**
 * What registries have, page by page; no page is held once it was taken. Mirrors are not asked:
 * they have what they were asked for. Safe for use by several threads.
 */
public interface RegistryListings {
  /** Of a client that cannot list anything. */
  RegistryListings NONE =
      new RegistryListings() {
        @Override
        public void repositories(String registry, Taker<String> taker) {
          throw new UnsupportedOperationException("this client lists nothing");
        }

        @Override
        public void tags(String registry, String repository, Taker<String> taker) {
          throw new UnsupportedOperationException("this client lists nothing");
        }

        @Override
        public byte[] api(String registry, String path, String what) {
          throw new UnsupportedOperationException("this client lists nothing");
        }
      };

  /** Takes what is listed; may end the listing by throwing. */
  @FunctionalInterface
  interface Taker<T> {
    void take(T item) throws ScanException, InterruptedException;
  }

  /**
   * Lists the repositories of a registry: {@code GET /v2/_catalog}, and what its {@code Link}
   * headers lead to.
   *
   * @param registry its host; {@code docker.io} is Docker Hub, which has no catalog
   */
  void repositories(String registry, Taker<String> taker)
      throws ScanException, InterruptedException;

  /** Lists the tags of a repository: {@code GET /v2/NAME/tags/list}, and what follows. */
  void tags(String registry, String repository, Taker<String> taker)
      throws ScanException, InterruptedException;

  /**
   * Asks an API of the registry's host, with the credentials for the registry as they are: Basic,
   * or Bearer with the password where the user is called {@code $oauthtoken}.
   *
   * @param path with its query, such as {@code /api/v2.0/projects?page=1}
   * @param what it is, for messages
   * @return the JSON that it answers, at most 4 MiB
   */
  byte[] api(String registry, String path, String what) throws ScanException, InterruptedException;
}
