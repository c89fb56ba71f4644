package dev.imgcompat.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.analyze.ElfFact;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

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
    byte[] text = (" " + record + "\n").getBytes(StandardCharsets.UTF_8);
    int length = text.length + 2;
    byte[] content = (length + " " + record + "\n").getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry header = new TarArchiveEntry("@pax", TarConstants.LF_NORMAL);
    header.setSize(content.length);
    byte[] tar = new LayerBuilder().add(header, content).program(path, ElfBuilder.i386()).tar();
    tar[156] = (byte) kind;
    checksum(tar, 0);
    return tar;
  }

  private static byte[] oldHeaderWithPrefix() {
    byte[] tar = program().tar();
    Arrays.fill(tar, 257, 265, (byte) 0);
    tar[345] = 'x';
    checksum(tar, 0);
    return tar;
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
        checksum(tar, header);
      }
    }
  }

  private static void checksum(byte[] tar, int header) {
    Arrays.fill(tar, header + 148, header + 156, (byte) ' ');
    int sum = 0;
    for (int i = header; i < header + 512; i++) {
      sum += tar[i] & 0xff;
    }
    byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, tar, header + 148, 8);
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
