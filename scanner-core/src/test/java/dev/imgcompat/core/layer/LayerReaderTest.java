package dev.imgcompat.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.analyze.ElfFact;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.tar.Compression;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import dev.imgcompat.core.testing.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerReaderTest {
  private static LayerBuilder program() {
    return new LayerBuilder().program("bin/x", ElfBuilder.i386());
  }

  private static List<String> files(LayerFacts facts) {
    return facts.items().stream()
        .filter(LayerItem.File.class::isInstance)
        .map(LayerItem::path)
        .toList();
  }

  @Test
  void readsEveryCompressionByItsBytes() throws Exception {
    for (byte[] blob : List.of(program().tar(), program().gzip(), program().zstd())) {
      assertThat(files(Layers.facts(blob))).containsExactly("bin/x");
    }
  }

  @Test
  void readsAllMembersOfAGzipFile() throws Exception {
    byte[] tar =
        new LayerBuilder()
            .program("first", ElfBuilder.i386())
            .program("second", ElfBuilder.x86_64())
            .tar();
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int at = 0; at < tar.length; at += 700) {
      members.writeBytes(
          LayerBuilder.gzip(Arrays.copyOfRange(tar, at, Math.min(tar.length, at + 700))));
    }

    assertThat(files(Layers.facts(members.toByteArray()))).containsExactly("first", "second");
  }

  @Test
  void anEmptyLayerHasNoFacts() throws Exception {
    assertThat(Layers.facts(new LayerBuilder().gzip()).items()).isEmpty();
    assertThat(Layers.facts(new byte[0]).items()).isEmpty();
  }

  @Test
  void progressIsInBytesOfTheBlob() throws Exception {
    byte[] blob = program().gzip();
    AtomicLong bytes = new AtomicLong();
    new LayerReader(Analyzers.all(), ScanLimits.DEFAULT)
        .read(
            new LayerContent.Blob(Layers.layer(blob), true, () -> new ByteArrayInputStream(blob)),
            bytes::addAndGet);

    assertThat(bytes).hasValue(blob.length);
  }

  @Test
  void factsDoNotCountWithoutTheRightDigest() {
    byte[] blob = program().gzip();
    byte[] other = program().text("more", "x").gzip();
    Layer listed =
        new Layer(Layers.layer(other).digest(), Optional.empty(), OptionalLong.of(blob.length), "");

    assertThatThrownBy(() -> Layers.facts(listed, blob, ScanLimits.DEFAULT))
        .isInstanceOf(ScanException.DigestMismatch.class)
        .hasMessageContaining(listed.digest().value());
  }

  @Test
  void aTruncatedLayerIsNamedAsSuch() {
    byte[] blob = program().gzip();
    Layer listed = Layers.layer(blob);

    assertThatThrownBy(
            () -> Layers.facts(listed, Arrays.copyOf(blob, blob.length - 20), ScanLimits.DEFAULT))
        .isInstanceOf(ScanException.DigestMismatch.class)
        .hasMessageContaining("truncated")
        .hasMessageContaining(listed.digest().value());
  }

  @Test
  void moreBytesThanStatedAreRefused() {
    byte[] blob = program().gzip();
    Layer listed =
        new Layer(
            Layers.layer(blob).digest(), Optional.empty(), OptionalLong.of(blob.length - 1), "");

    assertThatThrownBy(() -> Layers.facts(listed, blob, ScanLimits.DEFAULT))
        .isInstanceOf(ScanException.DigestMismatch.class)
        .hasMessageContaining("longer");
  }

  @Test
  void aBrokenOffTransferIsNoDamage() {
    byte[] blob = program().gzip();
    InputStream reset =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
          }
        };
    InputStream broken = new SequenceInputStream(new ByteArrayInputStream(blob, 0, 50), reset);

    assertThatThrownBy(
            () ->
                new LayerReader(Analyzers.all(), ScanLimits.DEFAULT)
                    .read(new LayerContent.Blob(Layers.layer(blob), true, () -> broken), n -> {}))
        .isInstanceOf(ScanException.Unavailable.class)
        .hasMessageContaining("broke off")
        .hasMessageContaining("connection reset");
  }

  @Test
  void damagedBytesWithTheRightDigestAreTheAuthorsFault() {
    byte[] noise = new byte[5000];
    new Random(3).nextBytes(noise);

    assertThatThrownBy(() -> Layers.facts(noise)).isInstanceOf(ScanException.Damaged.class);
    byte[] gzip = program().gzip();
    gzip[gzip.length / 2] ^= 0x55;
    assertThatThrownBy(() -> Layers.facts(gzip)).isInstanceOf(ScanException.Damaged.class);
  }

  @Test
  void aBombIsRefused() throws Exception {
    byte[] bomb = new LayerBuilder().file("zeros", 0644, new byte[4 << 20]).gzip();
    ScanLimits limits = new ScanLimits(1 << 20, 1000, 1000, 1 << 30, 1 << 20, 4096);

    assertThatThrownBy(() -> Layers.facts(Layers.layer(bomb), bomb, limits))
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("unpacks to more than");
  }

  @Test
  void tooManyEntriesAreRefused() {
    LayerBuilder layer = new LayerBuilder();
    for (int i = 0; i < 50; i++) {
      layer.text("f" + i, "");
    }
    byte[] blob = layer.tar();
    ScanLimits limits = new ScanLimits(1 << 20, 49, 1000, 1 << 30, 1 << 20, 4096);

    assertThatThrownBy(() -> Layers.facts(Layers.layer(blob), blob, limits))
        .isInstanceOf(ScanException.LimitExceeded.class);
  }

  @Test
  void aNameOfManyMegabytesIsNotHeldInMemory() {
    TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
    entry.setSize(64 << 20);
    byte[] blob = LayerBuilder.gzip(new LayerBuilder().add(entry, new byte[64 << 20]).tar());

    assertThatThrownBy(() -> Layers.facts(blob))
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("headers");
  }

  @Test
  void aChainOfLongNamesEndsInOneLine() {
    LayerBuilder layer = new LayerBuilder();
    for (int i = 0; i < 5000; i++) {
      TarArchiveEntry entry =
          new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
      entry.setSize(0);
      layer.add(entry, new byte[0]);
    }
    byte[] blob = layer.tar();

    assertThatThrownBy(() -> Layers.facts(blob)).isInstanceOf(ScanException.class);
  }

  @Test
  void aGzipHeaderWithoutEndIsRefused() {
    byte[] blob = new byte[1 << 20];
    Arrays.fill(blob, (byte) 'n');
    blob[0] = 0x1f;
    blob[1] = (byte) 0x8b;
    blob[2] = 8;
    blob[3] = 8; // FNAME follows

    assertThatThrownBy(() -> Layers.facts(blob))
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("gzip header");
  }

  @Test
  void whatIsNoTarIsDamaged() {
    byte[] tar = program().tar();

    assertThatThrownBy(() -> Layers.facts("this is no tar at all".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ScanException.Damaged.class);
    assertThatThrownBy(() -> Layers.facts(Arrays.copyOf(tar, 300)))
        .isInstanceOf(ScanException.Damaged.class);
  }

  @Test
  void theDirectoriesAboveAFileCountAsMemory() {
    for (boolean program : List.of(true, false)) {
      LayerBuilder layer = new LayerBuilder();
      for (int i = 0; i < 20; i++) {
        String path = "a" + i + "/b".repeat(1900) + "/x";
        if (program) {
          layer.program(path, ElfBuilder.x86_64());
        } else {
          layer.text(path, "text");
        }
      }
      byte[] blob = layer.tar();
      ScanLimits limits = new ScanLimits(1 << 30, 1000, 1000, 500_000, 1 << 20, 4096);

      assertThatThrownBy(() -> Layers.facts(Layers.layer(blob), blob, limits))
          .isInstanceOf(ScanException.LimitExceeded.class)
          .hasMessageContaining("memory");
    }
  }

  @Test
  void factsMayNotTakeAllMemory() {
    LayerBuilder layer = new LayerBuilder();
    for (int i = 0; i < 100; i++) {
      layer.text("etc/a" + i + "-release", "x".repeat(4000));
    }
    byte[] blob = layer.gzip();
    ScanLimits limits = new ScanLimits(1 << 30, 1000, 1000, 100_000, 1 << 20, 4096);

    assertThatThrownBy(() -> Layers.facts(Layers.layer(blob), blob, limits))
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("memory");
  }

  /** What Commons Compress and the runtimes' tar reader understand differently. */
  @Test
  void headersThatRuntimesUnderstandOtherwiseAreRefused() {
    for (byte[] blob :
        List.of(
            pax('g', "path=.wh.q", "opt/p"),
            pax('g', "GNU.sparse.size=0", "opt/p"),
            pax('x', "GNU.sparse.size=0", "opt/p"),
            pax('x', "SCHILY.realsize=0", "opt/p"),
            pax('x', "path=.wh.q", "opt/" + "long".repeat(60)),
            oldHeaderWithPrefix())) {
      assertThatThrownBy(() -> Layers.facts(blob))
          .isInstanceOf(ScanException.Damaged.class)
          .hasMessageContaining("layer sha256:");
    }
  }

  @Test
  void ordinaryPaxHeadersAreObeyed() throws Exception {
    assertThat(files(Layers.facts(pax('x', "path=opt/größe", "opt/p"))))
        .containsExactly("opt/größe");
    assertThat(files(Layers.facts(pax('g', "comment=0123", "opt/p")))).containsExactly("opt/p");
  }

  /** A layer of a PAX header of one record and a program. */
  private static byte[] pax(char kind, String record, String path) {
    return TarBytes.pax(kind, record, new LayerBuilder().program(path, ElfBuilder.i386()).tar());
  }

  private static byte[] oldHeaderWithPrefix() {
    byte[] tar = program().tar();
    Arrays.fill(tar, 257, 265, (byte) 0);
    tar[345] = 'x';
    TarBytes.checksum(tar, 0);
    return tar;
  }

  /** As Go's archive/tar reads it, and as some writers of links have it. */
  @Test
  void nothingFollowsALinkThatStatesASize() throws Exception {
    byte[] tar =
        new LayerBuilder()
            .link("bin/a", "b")
            .hardLink("bin/c", "bin/a")
            .directory("opt")
            .program("bin/b", ElfBuilder.i386())
            .text("bin/d", "x")
            .tar();
    for (int header : List.of(0, 512, 1024)) {
      TarBytes.size(tar, header, 512 + 7);
    }

    LayerFacts facts = Layers.facts(tar);

    assertThat(facts.entries()).isEqualTo(5);
    assertThat(files(facts)).containsExactly("bin/b");
  }

  @ParameterizedTest
  @EnumSource
  void aLayerIsKnownByItsDiffIdAsWell(Compression compression) throws Exception {
    byte[] tar = program().tar();
    byte[] blob = compressed(tar, compression);

    LayerFacts facts = byDiffId(Bytes.digest(tar), blob);

    assertThat(facts.digest()).contains(Bytes.digest(tar));
    assertThat(facts.bytes()).isEqualTo(tar.length);
    assertThat(facts.compression()).isEqualTo(Compression.NONE);
    assertThat(facts.items()).isEqualTo(Layers.facts(tar).items());
    assertThatThrownBy(() -> byDiffId(Bytes.digest(new byte[0]), blob))
        .isInstanceOf(ScanException.DigestMismatch.class)
        .hasMessageContaining("uncompressed, it has " + Bytes.digest(tar));
  }

  @ParameterizedTest
  @EnumSource
  void aLayerThatPassesIsKnownByBothDigests(Compression compression) throws Exception {
    byte[] tar = program().tar();
    byte[] blob = compressed(tar, compression);

    LayerReader.Passed passed =
        new LayerReader(Analyzers.all(), ScanLimits.DEFAULT)
            .pass("layer x", new ByteArrayInputStream(blob), n -> {}, new UnpackBudget(1 << 20));

    assertThat(passed.ofBlob()).isEqualTo(Layers.facts(blob));
    assertThat(passed.ofBlob().compression()).isEqualTo(compression);
    assertThat(passed.ofTar()).isEqualTo(Layers.facts(tar));
  }

  /** The end of the tar is not the end of what the diff id is of. */
  @Test
  void theDiffIdIsOfAllThatIsCompressed() throws Exception {
    byte[] tar = program().tar();
    byte[] more = Arrays.copyOf(tar, tar.length + 100_000);

    assertThat(byDiffId(Bytes.digest(more), LayerBuilder.gzip(more)).bytes())
        .isEqualTo(more.length);
    assertThatThrownBy(() -> byDiffId(Bytes.digest(tar), LayerBuilder.gzip(more)))
        .isInstanceOf(ScanException.DigestMismatch.class);
  }

  @Test
  void aBombBehindTheEndOfTheTarIsRefusedWhereItCounts() {
    byte[] more = Arrays.copyOf(program().tar(), 3 << 20);
    ScanLimits limits = new ScanLimits(1 << 20, 100, 100, 1 << 20, 1 << 20, 4096);

    assertThatThrownBy(
            () ->
                new LayerReader(Analyzers.all(), limits)
                    .read(blobOf(Bytes.digest(more), LayerBuilder.gzip(more)), n -> {}))
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("unpacks to more than");
  }

  private static LayerFacts byDiffId(Digest diffId, byte[] blob) throws Exception {
    return new LayerReader(Analyzers.all(), ScanLimits.DEFAULT).read(blobOf(diffId, blob), n -> {});
  }

  private static LayerContent blobOf(Digest diffId, byte[] blob) {
    return new LayerContent.Blob(
        new Layer(diffId, Optional.of(diffId), OptionalLong.of(blob.length), ""),
        LayerContent.DigestOf.TAR,
        false,
        () -> new ByteArrayInputStream(blob));
  }

  private static byte[] compressed(byte[] tar, Compression compression) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (compression) {
          case NONE -> bytes;
          case GZIP -> new GZIPOutputStream(bytes);
          case ZSTD -> new ZstdOutputStream(bytes);
          case XZ -> new XZCompressorOutputStream(bytes);
          case BZIP2 -> new BZip2CompressorOutputStream(bytes);
        }) {
      out.write(tar);
    }
    return bytes.toByteArray();
  }

  @Test
  void absoluteAndClimbingPathsStayInside() throws Exception {
    LayerFacts facts =
        Layers.facts(
            new LayerBuilder()
                .program("../../../bin/x", ElfBuilder.i386())
                .program("./bin/y", ElfBuilder.i386())
                .tar());

    assertThat(files(facts)).containsExactly("bin/x", "bin/y");
  }

  @Test
  void namesThatAreNotUtf8AreKept() throws Exception {
    byte[] tar =
        new LayerBuilder()
            .program("bin/@1", ElfBuilder.i386())
            .program("bin/@2", ElfBuilder.i386())
            .tar();
    renamed(tar, "@1", 0xe9);
    renamed(tar, "@2", 0xe8);

    assertThat(files(Layers.facts(tar))).hasSize(2).doesNotHaveDuplicates();
  }

  /** Puts a byte in the place of a name, and mends the checksum of the header. */
  private static void renamed(byte[] tar, String name, int octet) {
    for (int header = 0; header < tar.length; header += 512) {
      if (tar[header + 4] == name.charAt(0) && tar[header + 5] == name.charAt(1)) {
        tar[header + 4] = (byte) octet;
        tar[header + 5] = 0;
        TarBytes.checksum(tar, header);
      }
    }
  }

  @Test
  void devicesAndFifosAreNotOpened() throws Exception {
    TarArchiveEntry device = new TarArchiveEntry("dev/null", TarConstants.LF_CHR);
    TarArchiveEntry fifo = new TarArchiveEntry("run/fifo", TarConstants.LF_FIFO);

    LayerFacts facts =
        Layers.facts(new LayerBuilder().add(device, new byte[0]).add(fifo, new byte[0]).tar());

    assertThat(facts.entries()).isEqualTo(2);
    assertThat(files(facts)).isEmpty();
  }

  @Test
  void theFactsOfAnElfFileAreWhatItsBytesSay() throws Exception {
    LayerFacts facts = Layers.facts(program().tar());

    assertThat(facts.items())
        .filteredOn(LayerItem.File.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            LayerItem.File.class,
            file ->
                assertThat(file.facts())
                    .singleElement()
                    .isInstanceOfSatisfying(
                        ElfFact.class, elf -> assertThat(elf.elf().elfClass()).isEqualTo(32)));
  }
}
