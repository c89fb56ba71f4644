package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.LayoutPusher;
import dev.imgcompat.core.testing.RealRegistry;
import dev.imgcompat.core.testing.SharedImages;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealImagesOfARegistryIT extends RealImages {
  private static RealRegistry registry;

  @BeforeAll
  static void push() throws Exception {
    Path layout = SharedImages.layout();
    registry = new RealRegistry();
    new LayoutPusher(layout, registry.name() + "/real/images").pushAll();
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @Override
  String reference(String tag) {
    return registry.name() + "/real/images:" + tag;
  }

  @Test
  void theSecondScanAsksForOneManifestAndPullsNothing(@TempDir Path cache) {
    for (String tag : new String[] {"centos-6.8", "alpine-3.20"}) {
      assertThat(Run.of(cache, "scan", reference(tag)).exit()).isZero();
      long blobs = registry.requests("GET", "/blobs/");
      long manifests = registry.requests("GET", "/manifests/");
      long heads = registry.requests("HEAD", "/v2/");
      assertThat(blobs).isPositive();

      Run again = Run.of(cache, "scan", "-o", "json", reference(tag));

      assertThat(again.image().at("/facts/layers/0/fromCache").asBoolean()).isTrue();
      assertThat(registry.requests("GET", "/blobs/")).isEqualTo(blobs);
      assertThat(registry.requests("GET", "/manifests/")).isEqualTo(manifests + 1);
      assertThat(registry.requests("HEAD", "/v2/")).isEqualTo(heads);
    }
  }

  @Test
  void unknownTagsAndRepositoriesAreToldApart(@TempDir Path cache) {
    Run tag = Run.of(cache, "scan", reference("none"));
    Run repository = Run.of(cache, "scan", registry.name() + "/real/none:1");

    assertThat(tag.exit()).isEqualTo(4);
    assertThat(tag.err()).contains("no tag 'none' in repository real/images");
    assertThat(repository.err()).contains("no repository real/none");
  }
}
