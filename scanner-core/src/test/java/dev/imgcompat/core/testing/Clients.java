package dev.imgcompat.core.testing;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.registry.RegistrySettings;

/** Clients of registries for tests. */
public final class Clients {
  private Clients() {}

  /** One that speaks to all registries alike, and anonymously. */
  public static HttpRegistryClient with(RegistrySettings settings) {
    return new HttpRegistryClient(
        "imgcompat/test", registry -> settings, CredentialSource.ANONYMOUS, RegistryListener.NONE);
  }
}
