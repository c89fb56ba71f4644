package dev.imgcompat.service.reach;

import dev.imgcompat.core.registry.OfflineRegistry;
import dev.imgcompat.core.registry.RegistryClient;

/** Nobody may be asked. */
public final class Offline {
  private Offline() {}

  /** A client that asks no registry: what is not kept already cannot be had. */
  public static RegistryClient client() {
    return new OfflineRegistry();
  }
}
