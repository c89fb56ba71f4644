package dev.imgcompat.core.rootfs;

import static dev.imgcompat.core.rootfs.MergedImages.merge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerItem;
import dev.imgcompat.core.layer.ReadBy;
import dev.imgcompat.core.tar.Compression;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Layers that are made to mislead the merge, or to keep it busy. */
class HostileLayersTest {
  private static final ElfBuilder PROGRAM = ElfBuilder.i386();

  private static List<String> paths(ImageFacts facts) {
    return facts.elfFiles().stream().flatMap(f -> f.paths().stream()).sorted().toList();
  }

  @Nested
  class HardLinksToNothing {
    @Test
    void aHardLinkToItselfFindsNothing() {
      assertThat(
              merge(
                      new LayerBuilder().program("x", PROGRAM).link("l", "."),
                      new LayerBuilder().hardLink("l/x", "x"))
                  .incomplete())
          .singleElement()
          .asString()
          .contains("/l/x", "/x");
    }

    @Test
    void aHardLinkInThePlaceOfItsTargetsDirectoryFindsNothing() {
      assertThat(
              merge(
                      new LayerBuilder().program("opt/x", PROGRAM),
                      new LayerBuilder().hardLink("opt", "opt/x"))
                  .incomplete())
          .singleElement()
          .asString()
          .contains("/opt/x");
    }
  }

  @Nested
  class Depth {
    @Test
    void directoriesWithoutEndEnd() {
      LayerBuilder deep = new LayerBuilder();
      for (int link = 0; link < 4; link++) {
        String above = link == 0 ? "" : "s" + (link - 1) + "/";
        deep.directory(above + "a/".repeat(1500) + "x").link("s" + link, above + "a/".repeat(1500));
      }
      ImageFacts facts = merge(deep, new LayerBuilder().whiteout("a"));

      assertThat(facts.incomplete()).anySatisfy(i -> assertThat(i).contains("deep"));
    }

    @Test
    void aDeepTreeIsRemoved() {
      LayerBuilder deep = new LayerBuilder().program("a/".repeat(1900) + "x", PROGRAM);

      assertThat(paths(merge(deep, new LayerBuilder().whiteout("a")))).isEmpty();
    }

    @Test
    void linksWithinLinksDoNotTakeForEver() {
      LayerBuilder layer = new LayerBuilder().directory("d");
      for (int i = 0; i < 39; i++) {
        layer.link("l" + i, "d/../".repeat(700) + "l" + (i + 1));
      }
      layer.program("l0/x", PROGRAM);

      assertThat(merge(layer).elfFiles()).isNotNull();
    }
  }

  @Test
  void layersThatGoOverTheSameDirectoriesForEverAreNotMergedWhole() {
    List<LayerItem> items = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      items.add(new LayerItem.SymbolicLink("o/l" + i, "x"));
    }
    items.addAll(Collections.nCopies(20_000, new LayerItem.OpaqueDirectory("o")));
    LayerFacts layer =
        new LayerFacts(
            Optional.empty(),
            0,
            Compression.NONE,
            0,
            0,
            items,
            List.of(),
            new ReadBy(0, List.of()));

    assertThat(
            ImageMerger.merge(ImageConfig.bare(Platform.LINUX_AMD64), List.of(layer)).incomplete())
        .containsExactly("its layers go over the same directories too often to be merged whole");
  }

  @Test
  void whatIsShorterThanAHeaderIsNoElfFile() {
    LayerBuilder layer =
        new LayerBuilder()
            .text("usr/share/magic", "\u007fELF is how they begin")
            .program("bin/cut", Arrays.copyOf(ElfBuilder.x86_64().build(), 60));

    assertThat(MergedImages.merge(layer).elfFiles())
        .extracting(ElfFile::path)
        .containsExactly("/bin/cut");
  }
}
