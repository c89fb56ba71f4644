package dev.imgcompat.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerReader;
import dev.imgcompat.core.layer.ScanLimits;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.MergeCases;
import dev.imgcompat.core.testing.MergeCases.MergeCase;
import dev.imgcompat.core.testing.RandomImage;
import dev.imgcompat.core.testing.Umoci;
import dev.imgcompat.core.testing.UnpackedTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merging gives what {@code umoci unpack} gives: every path, every inode, the same C library. */
class UmociMergeIT {
  /**
   * Their seeds are 0, 1, 2 and so on. Of 20,000, two differ (7871, 13957): one layer writes one
   * path under two names, of which docs/RATIONALE.md says why the order is not known.
   */
  private static final int RANDOM_IMAGES = Integer.getInteger("imgcompat.test.images", 1000);

  @TempDir private Path work;

  @BeforeEach
  void umociIsThere() {
    Umoci.assumeInstalled();
  }

  @Test
  void eachCaseIsMergedAsUmociUnpacksIt() throws Exception {
    for (MergeCase image : MergeCases.all()) {
      assertThat(refusal(image.name(), image.layers())).as(image.name()).isEmpty();
    }
  }

  @Test
  void randomImagesAreMergedAsUmociUnpacksThem() throws Exception {
    int compared = 0;
    for (int seed = 0; seed < RANDOM_IMAGES; seed++) {
      RandomImage image = new RandomImage(seed);
      if (refusal("seed " + seed + "\n" + image, image.layers()).isEmpty()) {
        compared++;
      }
    }
    // The others have links in circles, or something below a file: nobody can unpack these.
    assertThat(compared).isGreaterThan(RANDOM_IMAGES / 3);
  }

  /** Compares what both make of an image; says why umoci does not unpack it, if so. */
  private Optional<String> refusal(String what, List<LayerBuilder> layers) throws Exception {
    ImageSpec spec = new ImageSpec();
    layers.forEach(spec::layer);
    LayoutBuilder layout = new LayoutBuilder();
    layout.image("image", spec);
    Path bundle = work.resolve("bundle");
    Umoci.Result unpacked = Umoci.unpack(layout.write(work.resolve("layout")), "image", bundle);
    List<LayerFacts> facts = layers.stream().map(Layers::facts).toList();
    MergedRoot root = new MergedRoot();
    facts.forEach(root::apply);
    if (unpacked.refusal().isEmpty()) {
      compare(what, root, facts, unpacked.rootfs());
    } else if (unpacked.refusal().get().contains("link: ")) {
      assertThat(root.broken()).as(what + "\n" + unpacked.refusal().get()).isNotEmpty();
    }
    UnpackedTree.delete(work.resolve("layout"));
    UnpackedTree.delete(bundle);
    return unpacked.refusal();
  }

  private static void compare(String what, MergedRoot root, List<LayerFacts> facts, Path rootfs)
      throws Exception {
    UnpackedTree unpacked = UnpackedTree.of(rootfs);
    // A name that umoci does not have anywhere may still be one that we have wrongly.
    List<String> named = new ArrayList<>(unpacked.entries().keySet());
    facts.forEach(layer -> layer.items().forEach(item -> named.add(item.path())));
    assertThat(MergedTree.of(root, named)).as(what).isEqualTo(unpacked.entries());
    assertThat(root.broken()).as(what).isEmpty();
    ImageFacts merged = ImageMerger.merge(ImageConfig.bare(Platform.LINUX_AMD64), facts);
    List<ElfFile> class32 =
        merged.elfFiles().stream()
            .filter(f -> f.elf().elfClass() == 32 && f.elf().isLinked())
            .toList();
    assertThat(merged.elfFiles()).as(what).hasSize(unpacked.files());
    assertThat(class32).as(what).hasSize(unpacked.class32());
    assertThat(class32.stream().mapToInt(f -> f.paths().size()).sum())
        .as(what)
        .isEqualTo(unpacked.class32Paths());
    LayerFacts walked =
        new LayerReader(Analyzers.all(), ScanLimits.DEFAULT)
            .read(new LayerContent.Directory(rootfs), n -> {});
    assertThat(libc(merged))
        .as(what)
        .isEqualTo(
            libc(ImageMerger.merge(ImageConfig.bare(Platform.LINUX_AMD64), List.of(walked))));
  }

  private static Optional<String> libc(ImageFacts facts) {
    // What told the version is left out: which name of hard links comes first is chance, and the
    // analyzer looks for a banner only where the name is that of a C library.
    return facts.libc().map(l -> l.family() + " " + l.version() + " " + l.path());
  }
}
