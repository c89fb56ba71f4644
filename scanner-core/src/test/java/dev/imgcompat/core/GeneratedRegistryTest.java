package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.GeneratedImages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GeneratedRegistryTest extends GeneratedRegistryCases {
  private FakeRegistry registry;

  @BeforeEach
  void open() {
    registry = new FakeRegistry();
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @Override
  String registryWith(GeneratedImages images) {
    images.serveAt(registry);
    return registry.name();
  }

  @Test
  void theSameSeedGivesTheSameImages() {
    GeneratedImages images = new GeneratedImages(1, 20, 2000, 200);

    assertThat(new GeneratedImages(1, 20, 2000, 200).tags()).isEqualTo(images.tags());
    assertThat(new GeneratedImages(2, 20, 2000, 200).tags()).isNotEqualTo(images.tags());
    assertThat(images.tags()).hasSize(2000).doesNotHaveDuplicates();
    assertThat(images.readable().size() + images.damaged().size() + images.lost().size())
        .isEqualTo(200);
    assertThat(images.tags())
        .flatExtracting(t -> t.layers())
        .containsAll(images.damaged())
        .containsAll(images.lost());
  }
}
