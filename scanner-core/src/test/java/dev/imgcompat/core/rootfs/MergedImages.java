package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Images merged from layers that tests built. */
final class MergedImages {
  private MergedImages() {}

  static ImageFacts merge(LayerBuilder... layers) {
    return merge(ImageConfig.bare(Platform.LINUX_AMD64), layers);
  }

  static ImageFacts merge(ImageConfig config, LayerBuilder... layers) {
    List<LayerFacts> facts = Arrays.stream(layers).map(Layers::facts).toList();
    return ImageMerger.merge(config, facts);
  }

  static ImageConfig starting(String... command) {
    return new ImageConfig(
        Platform.LINUX_AMD64,
        List.of("PATH=/usr/local/bin:/bin"),
        List.of(),
        List.of(command),
        Optional.of("/work"),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
