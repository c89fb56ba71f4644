package dev.imgcompat.core.image;

import java.time.Duration;

/** Is told how it goes with registries; by several threads. No text has a secret. */
public interface RegistryListener {
  /** Does nothing. */
  RegistryListener NONE = new RegistryListener() {};

  /**
   * A request failed, and is sent again after a pause.
   *
   * @param registry that it was sent to
   * @param why it failed, in one line
   * @param pause until then
   */
  default void waiting(String registry, String why, Duration pause) {}

  /**
   * A request was answered with status 429: there were too many. Told of each such answer, also of
   * the registry's token server and its blob stores.
   *
   * @param registry on whose behalf it was sent, {@code docker.io} for Docker Hub
   */
  default void limited(String registry) {}

  /**
   * Something that whoever asked should know, such as a certificate that was not checked.
   *
   * @param what in one line, which names the registry
   */
  default void warning(String what) {}
}
