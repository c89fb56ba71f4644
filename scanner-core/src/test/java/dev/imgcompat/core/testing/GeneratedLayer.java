package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One of the layers of {@link GeneratedImages}.
 *
 * @param kind what is in it
 * @param blob as it is transferred
 * @param digest of the blob
 * @param diffId of the tar in it
 * @param mediaType by how it is compressed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record GeneratedLayer(
    Kind kind, byte[] blob, Digest digest, Digest diffId, String mediaType) {
  private static final String TAR = "application/vnd.oci.image.layer.v1.tar";

  /** What is in a layer. */
  public enum Kind {
    /** A base that runs anywhere. */
    BASE,
    /** A base whose glibc calls the vsyscall page. */
    OLD_BASE,
    /** A base with a 32-bit program. */
    BASE_OF_32_BIT,
    /** A program for 64 bits. */
    APPLICATION,
    /** A program for 32 bits. */
    APPLICATION_OF_32_BIT,
    /** Compressed, and cut off: its digest is right. */
    DAMAGED,
    /** One that the registry has lost. */
    LOST;

    /** Whether an image starts with it. */
    boolean isBase() {
      return this == BASE || this == OLD_BASE || this == BASE_OF_32_BIT;
    }

    /** Whether it can be pulled and read. */
    boolean isReadable() {
      return this != DAMAGED && this != LOST;
    }
  }

  /**
   * Makes layers of every kind.
   *
   * @param count how many; at least 10
   * @param padding random bytes that each has besides, uncompressed and compressed
   */
  static List<GeneratedLayer> all(Random random, int count, int padding) {
    if (count < 10) {
      throw new IllegalArgumentException("too few layers to have every kind: " + count);
    }
    int bases = Math.max(5, count / 10);
    int broken = Math.max(1, count / 50);
    List<GeneratedLayer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      layers.add(layer(kind(i, bases, count - 2 * broken, count - broken), i, random, padding));
    }
    return layers;
  }

  private static Kind kind(int number, int bases, int damaged, int lost) {
    if (number < bases) {
      return switch (number % 5) {
        case 3 -> Kind.OLD_BASE;
        case 4 -> Kind.BASE_OF_32_BIT;
        default -> Kind.BASE;
      };
    }
    if (number < damaged) {
      return number % 10 == 9 ? Kind.APPLICATION_OF_32_BIT : Kind.APPLICATION;
    }
    return number < lost ? Kind.DAMAGED : Kind.LOST;
  }

  private static GeneratedLayer layer(Kind kind, int number, Random random, int padding) {
    byte[] noise = new byte[padding];
    random.nextBytes(noise);
    byte[] tar =
        content(kind, number)
            .text("srv/number-" + number, "layer " + number + " of kind " + kind)
            .file("srv/noise-" + number, 0644, noise)
            .tar();
    if (kind == Kind.DAMAGED) {
      byte[] gzip = LayerBuilder.gzip(tar);
      return of(kind, Arrays.copyOf(gzip, gzip.length * 2 / 3), tar, TAR + "+gzip");
    }
    return switch (number % 3) {
      case 0 -> of(kind, LayerBuilder.gzip(tar), tar, TAR + "+gzip");
      case 1 -> of(kind, com.github.luben.zstd.Zstd.compress(tar), tar, TAR + "+zstd");
      default -> of(kind, tar, tar, TAR);
    };
  }

  private static LayerBuilder content(Kind kind, int number) {
    return switch (kind) {
      case BASE -> Samples.debian12();
      case OLD_BASE -> Samples.oldGlibc();
      case BASE_OF_32_BIT -> Samples.debian12().program("usr/bin/old", ElfBuilder.i386());
      case APPLICATION_OF_32_BIT ->
          new LayerBuilder().program("opt/app-" + number, ElfBuilder.i386());
      case APPLICATION, DAMAGED, LOST ->
          new LayerBuilder().program("opt/app-" + number, ElfBuilder.glibcProgram());
    };
  }

  private static GeneratedLayer of(Kind kind, byte[] blob, byte[] tar, String mediaType) {
    return new GeneratedLayer(kind, blob, Bytes.digest(blob), Bytes.digest(tar), mediaType);
  }
}
