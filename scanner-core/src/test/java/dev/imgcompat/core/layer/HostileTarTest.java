package dev.imgcompat.core.layer;

import static dev.imgcompat.core.testing.RawTar.gnu;
import static dev.imgcompat.core.testing.RawTar.header;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import dev.imgcompat.core.testing.RawTar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tars that one reader understands in one way, and another in another. */
class HostileTarTest {
  private static final byte[] PROGRAM = ElfBuilder.i386().build();
  private static final String HIDDEN = "bin/.wh.app";

  private static RawTar tar() {
    return new RawTar();
  }

  private static List<String> paths(byte[] blob) throws Exception {
    return Layers.facts(blob).items().stream()
        .filter(item -> !(item instanceof LayerItem.Directory))
        .map(LayerItem::path)
        .toList();
  }

  private static void assertDamaged(String what, byte[] blob) {
    assertThatThrownBy(() -> Layers.facts(blob))
        .as(what)
        .isInstanceOf(ScanException.Damaged.class)
        .hasMessageContaining("is damaged: ")
        .hasMessageNotContaining("\n");
  }

  static Stream<Arguments> tricks() {
    byte[] inner = tar().add(header(HIDDEN, '0', 0)).build();
    String length = String.format("%o", inner.length);
    return Stream.of(
        trick(
            "two PAX headers",
            tar().pax('x', "path=" + HIDDEN).pax('x', "path=a").file("z", PROGRAM)),
        trick(
            "two long names", tar().longName('L', HIDDEN).longName('L', "a").add(gnu("z", '0', 0))),
        trick("two long links", tar().longName('K', "a").longName('K', "b").add(gnu("z", '2', 0))),
        trick(
            "a long name of each kind",
            tar().longName('L', "a").pax('x', "path=b").add(gnu("z", '0', 0))),
        trick(
            "a long link of each kind",
            tar().longName('K', "a").pax('x', "linkpath=b").add(gnu("z", '2', 0))),
        trick(
            "a global header after a PAX header",
            tar().pax('x', "path=" + HIDDEN).pax('g', "comment=a").add(header("a", '0', 0))),
        trick(
            "a global header after a long name",
            tar().longName('L', HIDDEN).pax('g', "comment=a").add(gnu("a", '0', 0))),
        trick("a global header that is a whiteout", tar().add(header(HIDDEN, 'g', 0))),
        trick("a PAX header of Solaris", tar().pax('X', "path=" + HIDDEN).add(header("a", '0', 0))),
        trick(
            "a NUL before the size",
            tar()
                .add(
                    header("a", '0', 0).size("\0" + "0".repeat(10 - length.length()) + length),
                    inner)),
        trick(
            "a NUL after a space before the size",
            tar().add(header("a", '0', 0).size(" \0000000" + length), inner)),
        trick("words after the size", tar().add(header("a", '0', 0).size(length + " junk"), inner)),
        trick(
            "digits after the size",
            tar().add(header("a", '0', 0).size(length + "\0" + "123"), inner)),
        trick(
            "a size of a strange kind",
            tar().add(header("a", '0', 0).size("\u0081\0\0\0\0\0\0\0\0\0\2\0"), inner)),
        trick(
            "a size that is too large",
            tar().add(header("a", '0', 0).size("\u0080\0\1\0\0\0\0\0\0\0\2\0"), inner)),
        trick("a negative size", tar().add(header("a", '0', 0).size("\u00ff".repeat(12)), inner)),
        trick("a NUL before the mode", tar().add(header("a", '0', 0).with(100, "\0000755"))),
        trick(
            "a long name whose size begins with NUL",
            tar()
                .add(gnu("a", 'L', 0).size("\000002000\0\0\0"), new byte[1024])
                .file("b", PROGRAM)),
        trick(
            "a PAX size with a sign",
            tar().pax('x', "size=+512").add(header("a", '0', 0), new byte[512])),
        trick(
            "a time that Go takes for a prefix",
            tar().add(gnu(HIDDEN, '0', 0).with(345, "1").with(357, "\u0081"))),
        trick("a prefix in GNU's format", tar().add(gnu(HIDDEN, '0', 0).with(345, "tmp"))),
        trick(
            "a time of too many bits",
            tar().add(gnu(HIDDEN, '0', 0).with(345, "\u0080abcdefghijk"))),
        trick(
            "a prefix without magic",
            tar().add(header(HIDDEN, '0', 0).with(257, "\0".repeat(8)).with(345, "tmp"))),
        trick(
            "a NUL in a long name",
            tar().longName('L', "a\0/../" + HIDDEN + "\0").add(gnu("z", '0', 0))),
        trick("a NUL in a PAX path", tar().pax('x', "path=a\0b").add(header("z", '0', 0))),
        trick("a PAX header without a key", tar().pax('x', "path").add(header("z", '0', 0))),
        trick(
            "a PAX header with rests",
            tar()
                .add(header("p", 'x', 20), "9 path=a\n12 path=".getBytes(US_ASCII))
                .add(header("z", '0', 0))),
        trick(
            "a sparse file of no known version",
            sparse("9", "9", "GNU.sparse.realsize=0", "GNU.sparse.name=" + HIDDEN)),
        trick(
            "a sparse file of two sizes",
            sparse("1", "0", "GNU.sparse.realsize=1", "GNU.sparse.size=2")),
        trick(
            "a sparse file of the version of another",
            sparse("0", "1", "GNU.sparse.realsize=1", "GNU.sparse.map=0,1")),
        trick(
            "a sparse file without a map",
            sparse("0", "1", "GNU.sparse.size=1", "GNU.sparse.numblocks=0")),
        trick("a sparse file of star", tar().pax('x', "SCHILY.filetype=sparse").file("a", PROGRAM)),
        trick(
            "a sparse directory",
            tar()
                .pax('x', "GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=1")
                .add(header("d", '5', 512), "0\n".getBytes(US_ASCII))),
        trick(
            "a sparse file with bytes after its parts",
            tar()
                .pax('x', "GNU.sparse.size=0", "GNU.sparse.numblocks=1", "GNU.sparse.map=0,0")
                .add(header(".wh.a", '0', inner.length), inner)),
        trick("an old sparse file in no format for it", tar().add(header("a", 'S', 0))),
        trick(
            "an old sparse file with a strange map",
            tar().add(gnu(".wh.a", 'S', 0).with(482, "\2"), inner)),
        trick("an unknown type", tar().add(header("a", 'Z', 0))),
        trick(
            "an unknown type with the name of a directory",
            tar().add(header("d/", 'D', inner.length), inner)),
        trick("the label of a volume", tar().add(header(HIDDEN, 'V', 0))),
        trick(
            "a file with the name of a directory",
            tar().add(header("d/", '0', inner.length), inner)));
  }

  private static Arguments trick(String what, RawTar tar) {
    return Arguments.of(Named.of(what, tar.build()));
  }

  private static RawTar sparse(String major, String minor, String... records) {
    String[] all = Arrays.copyOf(records, records.length + 2);
    all[records.length] = "GNU.sparse.major=" + major;
    all[records.length + 1] = "GNU.sparse.minor=" + minor;
    return tar().pax('x', all).add(header("a", '0', 0));
  }

  @ParameterizedTest
  @MethodSource("tricks")
  void whatReadersUnderstandDifferentlyIsRefused(byte[] tar) {
    assertDamaged("plain", tar);
    assertDamaged("gzip", LayerBuilder.gzip(tar));
  }

  @Test
  void aWrongChecksumIsRefused() {
    for (String stated : List.of("0000000\0", "0001234\0", "\0\0\0\0\0\0\0\0", "abcdefg\0")) {
      byte[] tar = tar().add(header("a", '0', 0)).build();
      byte[] field = stated.getBytes(US_ASCII);
      System.arraycopy(field, 0, tar, 148, 8);

      assertDamaged("checksum " + stated, tar);
    }
  }

  /** Numbers, magics and orders that some tool writes. */
  @Test
  void whatToolsWriteIsRead() throws Exception {
    byte[] program = Arrays.copyOf(PROGRAM, 512);
    for (String size :
        List.of(
            "00000001000\0",
            "       1000 ",
            "000000001000",
            "1000\0\0\0\0\0\0\0\0",
            "\u0080\0\0\0\0\0\0\0\0\0\2\0")) {
      assertThat(paths(tar().add(header("a", '0', 0).size(size), program).build()))
          .as(size)
          .containsExactly("a");
    }
    assertThat(
            paths(
                tar()
                    .pax('g', "comment=x")
                    .pax('g', "comment=y")
                    .longName('K', "target\0")
                    .longName('L', "name\0")
                    .add(gnu("z", '2', 0).with(345, "14717270000\0").with(357, "\u00ff".repeat(12)))
                    .add(header("b", '0', 512).with(100, "\0".repeat(8)).with(345, "c/d"), program)
                    .build()))
        .containsExactly("name", "c/d/b");
  }

  /** The prefix of star's format is shorter, and what follows it are times. */
  @Test
  void theNameOfAnEntryIsTheOneThatGoReads() throws Exception {
    String prefix = "./".repeat(64) + "opt";
    RawTar tar = tar();
    tar.add(header("ab", '0', PROGRAM.length).with(345, "a"), PROGRAM);
    tar.add(
        header("x", '0', PROGRAM.length).with(345, prefix).with(476, "1").with(508, "tar\0"),
        PROGRAM);

    assertThat(paths(tar.build())).containsExactly("a/ab", "opt/x");
  }

  @Test
  void aSparseFileIsCalledAsItWillBe() throws Exception {
    byte[] map = Arrays.copyOf(("1\n0\n" + PROGRAM.length + "\n").getBytes(US_ASCII), 512);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(map);
    content.writeBytes(PROGRAM);
    String[] records = {
      "path=tmp/a",
      "GNU.sparse.major=1",
      "GNU.sparse.minor=0",
      "GNU.sparse.realsize=" + PROGRAM.length,
      "GNU.sparse.name=bin/app"
    };
    for (boolean nameFirst : List.of(true, false)) {
      if (nameFirst) {
        Collections.reverse(Arrays.asList(records));
      }
      assertThat(paths(tar().pax('x', records).file("q", content.toByteArray()).build()))
          .containsExactly("bin/app");
    }
  }

  /** Each part comes in pieces of other lengths than its own. */
  @Test
  void theManyPartsOfASparseFileAreReadWhole() throws Exception {
    StringBuilder map = new StringBuilder("60\n");
    for (int i = 0; i < 60; i++) {
      map.append(i * 65536).append("\n5000\n");
    }
    byte[] content = Arrays.copyOf(map.toString().getBytes(US_ASCII), 1024 + 60 * 5000);
    System.arraycopy(PROGRAM, 0, content, 1024, PROGRAM.length);
    String[] records = {
      "GNU.sparse.major=1",
      "GNU.sparse.minor=0",
      "GNU.sparse.name=a",
      "GNU.sparse.realsize=" + (59 * 65536 + 5000)
    };
    byte[] tar =
        tar()
            .pax('x', records)
            .file("GNUSparseFile.0/a", content)
            .pax('x', records)
            .file(".wh.a", content)
            .file("b", PROGRAM)
            .build();

    assertThat(paths(LayerBuilder.gzip(tar))).containsExactly("a", "a", "b");
  }

  /** As Go writes the names of files that are not of UTF-8. */
  @Test
  void pathsOfOtherEncodingsStayDistinct() throws Exception {
    byte[] tar =
        tar()
            .pax('x', "path=bin/\u00e9")
            .file("bin/", PROGRAM)
            .pax('x', "path=bin/\u00e8")
            .file("bin/", PROGRAM)
            .pax('x', "path=bin/\u00c3\u00a9")
            .file("bin/", PROGRAM)
            .pax('x', "linkpath=bin/\u00e9")
            .add(header("link", '1', 0))
            .build();

    assertThat(paths(tar)).containsExactly("bin/\\xe9", "bin/\\xe8", "bin/\u00e9", "link");
    assertThat(Layers.facts(tar).items()).contains(new LayerItem.HardLink("link", "bin/\\xe9"));
  }

  @Test
  void aTarMayBeFollowedByAnything() throws Exception {
    byte[] tar = tar().file("a", PROGRAM).build();
    for (int more : List.of(1, 100, 512, 700, 10239, 10240, 10241)) {
      byte[] longer = Arrays.copyOf(tar, tar.length + more);
      Arrays.fill(longer, tar.length, longer.length, (byte) 'n');
      for (byte[] blob : List.of(longer, LayerBuilder.gzip(longer))) {
        assertThat(paths(blob)).as("%s bytes", more).containsExactly("a");
        LayerReader.Passed passed = pass(blob, new UnpackBudget(1 << 20));
        assertThat(passed.ofTar().digest()).contains(Bytes.digest(longer));
      }
    }
  }

  @Test
  void aTarThatEndsWithoutItsMarkIsRead() throws Exception {
    byte[] tar = tar().file("a", PROGRAM).build();

    assertThat(paths(Arrays.copyOf(tar, tar.length - 1024))).containsExactly("a");
    assertDamaged("cut", Arrays.copyOf(tar, 700));
    assertDamaged("cut", Arrays.copyOf(tar, tar.length - 1000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001f\u008b\b",
        "BZh9",
        "\u00fd7zXZ\0",
        "(\u00b5/\u00fd",
        "P*M\u0018",
        "_*M\u0018"
      })
  void whatIsATarAndCompressedIsRefused(String magic) {
    byte[] tar = tar().add(header("a", '0', 0).with(0, magic)).file("a", PROGRAM).build();

    assertThatThrownBy(() -> Layers.facts(tar))
        .isInstanceOf(ScanException.Damaged.class)
        .hasMessageContaining("at once");
  }

  @Test
  void theChecksumOfSuchATarMayBeWrittenInAnyWay() {
    byte[] tar = tar().add(header("BZh9", '0', 0)).build();
    String sum = new String(tar, 148, 6, US_ASCII);
    for (String field : List.of("\0\0" + sum, "  " + sum, "\0 " + sum)) {
      System.arraycopy(field.getBytes(US_ASCII), 0, tar, 148, 8);

      assertThatThrownBy(() -> Layers.facts(tar)).hasMessageContaining("at once");
    }
  }

  @Test
  void whatIsCompressedTwiceIsRefused() {
    byte[] once = LayerBuilder.gzip(tar().file("a", PROGRAM).build());
    byte[] twice = LayerBuilder.gzip(once);

    for (LayerContent content :
        List.of(
            content(twice, LayerContent.DigestOf.BLOB, twice),
            content(once, LayerContent.DigestOf.TAR, twice))) {
      assertThatThrownBy(() -> reader(ScanLimits.DEFAULT).read(content, n -> {}))
          .hasMessageContaining("compressed twice");
    }
    assertThatThrownBy(() -> pass(twice, new UnpackBudget(1 << 20)))
        .isInstanceOf(ScanException.Damaged.class)
        .hasMessageContaining("compressed twice");
  }

  @Test
  void layersShareWhatTheyMayUnpackTo() throws Exception {
    byte[] tar = tar().file("zeros", new byte[100_000]).raw(new byte[100_000]).build();
    byte[] blob = LayerBuilder.gzip(tar);
    UnpackBudget budget = new UnpackBudget(2L * tar.length);

    pass(blob, budget);
    pass(blob, budget);
    assertThatThrownBy(() -> pass(blob, budget))
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("with the layers before it");
  }

  @Test
  void theHolesOfSparseFilesCount() {
    String huge = "1" + "0".repeat(9);
    byte[] tar =
        tar()
            .pax(
                'x',
                "GNU.sparse.size=" + huge,
                "GNU.sparse.numblocks=1",
                "GNU.sparse.map=" + huge + ",0")
            .file("a", new byte[0])
            .build();

    assertThatThrownBy(() -> pass(tar, new UnpackBudget(1 << 20)))
        .isInstanceOf(ScanException.LimitExceeded.class);
  }

  private static LayerReader reader(ScanLimits limits) {
    return new LayerReader(Analyzers.all(), limits);
  }

  private static LayerReader.Passed pass(byte[] blob, UnpackBudget budget) throws Exception {
    return reader(ScanLimits.DEFAULT)
        .pass("layer x", new ByteArrayInputStream(blob), n -> {}, budget);
  }

  private static LayerContent content(byte[] digested, LayerContent.DigestOf of, byte[] blob) {
    return new LayerContent.Blob(
        new Layer(Bytes.digest(digested), Optional.empty(), OptionalLong.of(blob.length), ""),
        of,
        false,
        () -> new ByteArrayInputStream(blob));
  }
}
