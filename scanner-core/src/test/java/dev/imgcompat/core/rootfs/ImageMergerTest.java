package dev.imgcompat.core.rootfs;

import static dev.imgcompat.core.rootfs.MergedImages.merge;
import static dev.imgcompat.core.rootfs.MergedImages.starting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ImageMergerTest {
  private static final ElfBuilder PROGRAM = ElfBuilder.i386();

  private static List<String> paths(ImageFacts facts) {
    return facts.elfFiles().stream().flatMap(f -> f.paths().stream()).sorted().toList();
  }

  @Nested
  class WhatUpperLayersDo {
    @Test
    void aWhiteoutRemovesAFile() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("bin/x", PROGRAM).program("bin/y", PROGRAM),
                      new LayerBuilder().whiteout("bin/x"))))
          .containsExactly("/bin/y");
    }

    @Test
    void aWhiteoutRemovesADirectoryWithAllThatIsInIt() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("opt/a/b/x", PROGRAM).program("y", PROGRAM),
                      new LayerBuilder().whiteout("opt"))))
          .containsExactly("/y");
    }

    @Test
    void aWhiteoutDoesNotTouchItsOwnLayer() {
      for (boolean first : List.of(true, false)) {
        LayerBuilder upper = new LayerBuilder();
        if (first) {
          upper.whiteout("opt").program("opt/new", PROGRAM);
        } else {
          upper.program("opt/new", PROGRAM).whiteout("opt");
        }
        assertThat(paths(merge(new LayerBuilder().program("opt/old", PROGRAM), upper)))
            .containsExactly("/opt/new");
      }
    }

    @Test
    void anOpaqueDirectoryHidesWhatIsBelowAndKeepsItsOwn() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("opt/old", PROGRAM).program("opt/d/old", PROGRAM),
                      new LayerBuilder().program("opt/new", PROGRAM).opaque("opt"))))
          .containsExactly("/opt/new");
    }

    @Test
    void aWhiteoutOfWhatIsNotThereDoesNothing() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("x", PROGRAM),
                      new LayerBuilder().whiteout("nowhere/y").opaque("nowhere"))))
          .containsExactly("/x");
    }

    @Test
    void aScriptReplacesAProgram() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("bin/x", PROGRAM),
                      new LayerBuilder().text("bin/x", "#!/bin/sh\n"))))
          .isEmpty();
    }

    @Test
    void aPlainFileReplacesAProgram() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("bin/x", PROGRAM),
                      new LayerBuilder().text("bin/x", ""))))
          .isEmpty();
    }

    @Test
    void aFileReplacesADirectory() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("opt/sdk/x", PROGRAM),
                      new LayerBuilder().text("opt", "a file now"))))
          .isEmpty();
    }

    @Test
    void aDirectoryReplacesAFileButJoinsADirectory() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("opt", PROGRAM).program("usr/x", PROGRAM),
                      new LayerBuilder().directory("opt").directory("usr"))))
          .containsExactly("/usr/x");
    }

    /** As in overlayfs; containerd applies a layer to the bare upper directory (apply_linux.go). */
    @Test
    void aFileGivesWayToADirectoryThatHasNoEntry() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("opt", PROGRAM),
                      new LayerBuilder().program("opt/x", PROGRAM))))
          .containsExactly("/opt/x");
    }

    @Test
    void anUpperProgramReplacesALowerOne() {
      ImageFacts facts =
          merge(
              new LayerBuilder().program("bin/x", PROGRAM),
              new LayerBuilder().program("bin/x", ElfBuilder.x86_64()));

      assertThat(facts.elfFiles())
          .singleElement()
          .satisfies(
              file -> {
                assertThat(file.elf().elfClass()).isEqualTo(64);
                assertThat(file.layer()).isEqualTo(1);
              });
    }
  }

  @Nested
  class TheOrderWithinALayer {
    @Test
    void theLastEntryOfAPathCounts() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder()
                          .program("a", PROGRAM)
                          .text("a", "a script now")
                          .text("b", "a script first")
                          .program("b", PROGRAM))))
          .containsExactly("/b");
    }

    @Test
    void aHardLinkKeepsWhatItsTargetWasThen() {
      for (boolean other : List.of(true, false)) {
        LayerBuilder layer = new LayerBuilder();
        if (other) {
          layer.text("opt/0", "plain");
        }
        layer.program("opt/a", PROGRAM).hardLink("opt/b", "opt/a").text("opt/a", "plain");
        assertThat(paths(merge(layer))).containsExactly("/opt/b");
      }
    }

    @Test
    void aHardLinkKeepsWhatItsTargetInALowerLayerWasThen() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("x", PROGRAM),
                      new LayerBuilder().text("a", "plain").hardLink("y", "x").text("x", "plain"))))
          .containsExactly("/y");
    }

    @Test
    void aFileReplacesADirectoryThatItsLayerMade() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder()
                          .text("a", "plain")
                          .program("b/x", PROGRAM)
                          .text("b", "plain"))))
          .isEmpty();
    }

    @Test
    void whatCameBeforeTheWhiteoutOfALinkWentThroughIt() {
      for (boolean opaque : List.of(true, false)) {
        LayerBuilder upper = new LayerBuilder().text("o/d/a", "plain");
        if (opaque) {
          upper.opaque("o");
        } else {
          upper.whiteout("o/d");
        }
        upper.text("o/d/y", "plain");
        assertThat(
                paths(merge(new LayerBuilder().program("e/y", PROGRAM).link("o/d", "/e"), upper)))
            .containsExactly("/e/y");
      }
    }

    @Test
    void aDirectoryEntrySurvivesAWhiteoutOfItsLayer() {
      MergedRoot root = new MergedRoot();
      root.apply(Layers.facts(new LayerBuilder().program("opt/x", PROGRAM)));
      root.apply(Layers.facts(new LayerBuilder().directory("opt").whiteout("opt")));

      assertThat(root.follow("opt", false)).isInstanceOf(MergedRoot.Found.class);
      assertThat(root.follow("opt/x", false)).isInstanceOf(MergedRoot.Missing.class);
    }

    @Test
    void aLinkThatIsWrittenTwiceStillLedThere() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder()
                          .directory("e")
                          .link("d", "e")
                          .program("d/p", PROGRAM)
                          .link("d", "e"))))
          .containsExactly("/e/p");
    }

    @Test
    void whatComesAfterADirectoryEntryGoesIntoThatDirectory() {
      LayerBuilder upper =
          new LayerBuilder().text("d/a", "x").directory("d").text("d/y", "x").directory("d");
      assertThat(paths(merge(new LayerBuilder().program("e/y", PROGRAM).link("d", "e"), upper)))
          .containsExactly("/e/y");
    }

    @Test
    void aHardLinkOfThisLayerSurvivesItsOpaqueDirectory() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("opt/a", PROGRAM),
                      new LayerBuilder().hardLink("opt/b", "opt/a").opaque("opt"))))
          .containsExactly("/opt/b");
    }
  }

  @Nested
  class Links {
    @Test
    void aLayerWritesThroughALinkedDirectory() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().link("lib", "usr/lib").program("usr/lib/x", PROGRAM),
                      new LayerBuilder().program("lib/y", PROGRAM).text("lib/x", "plain"))))
          .containsExactly("/usr/lib/y");
    }

    @Test
    void aWhiteoutReachesThroughALinkedDirectory() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().link("lib", "/usr/lib").program("usr/lib/x", PROGRAM),
                      new LayerBuilder().whiteout("lib/x"))))
          .isEmpty();
    }

    @Test
    void aDirectoryEntryReplacesALinkToADirectory() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().link("lib", "usr/lib").program("usr/lib/x", PROGRAM),
                      new LayerBuilder().directory("lib").program("lib/y", PROGRAM))))
          .containsExactly("/lib/y", "/usr/lib/x");
    }

    @Test
    void linksCannotLeaveTheRoot() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().link("out", "../../../../opt"),
                      new LayerBuilder().program("out/x", PROGRAM))))
          .containsExactly("/opt/x");
    }

    @Test
    void layersClimbOutOfWhatIsNotThere() {
      LayerBuilder lower =
          new LayerBuilder()
              .program("d/x", PROGRAM)
              .link("a", "d")
              .link("missing", "no/../a")
              .link("file", "d/x/../../a");
      assertThat(
              paths(
                  merge(
                      lower,
                      new LayerBuilder()
                          .program("missing/y", PROGRAM)
                          .program("file/z", PROGRAM)
                          .text("missing/x", "plain"))))
          .containsExactly("/d/y", "/d/z");
    }

    @Test
    void theKernelDoesNotClimbOutOfWhatIsNotThere() {
      ImageFacts facts =
          merge(
              starting("/missing/x"),
              new LayerBuilder().program("d/x", PROGRAM).link("a", "d").link("missing", "no/../a"));

      assertThat(facts.start().get(0).resolved()).isEmpty();
    }

    /** containerd follows 255 when it unpacks (continuity, fs/path.go, walkLink). */
    @Test
    void layersFollowMoreLinksThanTheKernel() {
      LayerBuilder chain = new LayerBuilder().program("d/x", PROGRAM).link("l0", "d");
      for (int i = 1; i < 60; i++) {
        chain.link("l" + i, "l" + (i - 1));
      }

      ImageFacts facts =
          merge(starting("/l59/y"), chain, new LayerBuilder().program("l59/y", PROGRAM));

      assertThat(paths(facts)).containsExactly("/d/x", "/d/y");
      assertThat(facts.start().get(0).resolved()).isEmpty();
    }

    @Test
    void loopsOfLinksEnd() {
      ImageFacts facts =
          merge(
              starting("a/x"),
              new LayerBuilder().link("a", "b").link("b", "a").link("c", "c/c"),
              new LayerBuilder().program("a/x", PROGRAM).program("c/y", PROGRAM).whiteout("a/z"));

      assertThat(paths(facts)).hasSize(2);
    }

    @Test
    void hardLinksAreOneFileWithManyPaths() {
      ImageFacts facts =
          merge(
              new LayerBuilder()
                  .program("bin/busybox", PROGRAM)
                  .hardLink("bin/ls", "bin/busybox")
                  .hardLink("bin/sh", "bin/ls"));

      assertThat(facts.elfFiles())
          .singleElement()
          .satisfies(
              file ->
                  assertThat(file.paths()).containsExactly("/bin/busybox", "/bin/ls", "/bin/sh"));
    }

    @Test
    void aHardLinkReachesIntoALowerLayerAndSurvivesItsTarget() {
      ImageFacts facts =
          merge(
              new LayerBuilder().program("x", PROGRAM).text("plain", "text"),
              new LayerBuilder().hardLink("y", "x").hardLink("z", "plain"),
              new LayerBuilder().whiteout("x"));

      assertThat(paths(facts)).containsExactly("/y");
      assertThat(facts.incomplete()).isEmpty();
    }

    @Test
    void aHardLinkToAPlainFileReplacesAProgram() {
      assertThat(
              paths(
                  merge(
                      new LayerBuilder().program("x", PROGRAM).text("plain", "text"),
                      new LayerBuilder().hardLink("x", "plain"))))
          .isEmpty();
    }

    @Test
    void aHardLinkToNothingMakesTheImageIncomplete() {
      assertThat(merge(new LayerBuilder().hardLink("x", "nowhere")).incomplete())
          .singleElement()
          .asString()
          .contains("/x", "/nowhere");
    }
  }
}
