package dev.imgcompat.core;

import dev.imgcompat.core.testing.GeneratedImages;
import dev.imgcompat.core.testing.RealRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class GeneratedRegistryIT extends GeneratedRegistryCases {
  private RealRegistry registry;

  @BeforeEach
  void open() {
    registry = new RealRegistry();
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @Override
  String registryWith(GeneratedImages images) throws InterruptedException {
    images.pushTo(registry.name());
    return registry.name();
  }
}
