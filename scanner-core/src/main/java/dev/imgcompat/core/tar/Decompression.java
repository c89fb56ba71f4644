package dev.imgcompat.core.tar;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Decompresses by what the bytes are; media types lie now and then. */
public final class Decompression {
  /** How many of the first bytes tell how something is compressed. */
  public static final int HEAD_BYTES = 6;

  private static final int BUFFER_BYTES = 64 << 10;

  /** The file name and the comment of a gzip header are of no use, but are held in memory. */
  private static final int MAX_GZIP_HEADER_BYTES = 128 << 10;

  private static final String GZIP_HEADER = "a gzip header of more than 128 KiB";

  /** As much as {@code xz -9} needs, and some more. */
  private static final int MAX_XZ_KIB = 96 << 10;

  private Decompression() {}

  /**
   * A stream of uncompressed bytes.
   *
   * @param stream the caller closes it
   * @param compression what it undoes
   */
  public record Decompressed(InputStream stream, Compression compression) {}

  /**
   * Begins to decompress.
   *
   * @throws IOException also if the bytes are those of a tar as well: readers go by different signs
   */
  public static Decompressed open(InputStream compressed) throws IOException {
    BufferedInputStream in = new BufferedInputStream(compressed, BUFFER_BYTES);
    in.mark(TarReader.BLOCK);
    byte[] head = in.readNBytes(TarReader.BLOCK);
    in.reset();
    Compression compression = of(head);
    if (compression != Compression.NONE && TarReader.mayBegin(head)) {
      throw new IOException("it can be read as a tar and as " + compression + " at once");
    }
    return new Decompressed(
        switch (compression) {
          case NONE -> in;
          case GZIP -> gzip(in);
          case ZSTD -> new ZstdInputStream(in);
          case XZ ->
              XZCompressorInputStream.builder()
                  .setInputStream(in)
                  .setDecompressConcatenated(true)
                  .setMemoryLimitKiB(MAX_XZ_KIB)
                  .get();
          case BZIP2 -> new BZip2CompressorInputStream(in, true);
        },
        compression);
  }

  /** Tells by the first {@value #HEAD_BYTES} bytes, or as many as there are. */
  public static Compression of(byte[] head) {
    if (startsWith(head, 0x1f, 0x8b)) {
      return Compression.GZIP;
    }
    if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd) || isSkippableFrame(head)) {
      return Compression.ZSTD;
    }
    if (startsWith(head, 'B', 'Z', 'h')) {
      return Compression.BZIP2;
    }
    if (startsWith(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return Compression.XZ;
    }
    return Compression.NONE;
  }

  private static InputStream gzip(InputStream in) throws IOException {
    BudgetedInputStream guarded = new BudgetedInputStream(in);
    guarded.allow(MAX_GZIP_HEADER_BYTES, GZIP_HEADER);
    return GzipCompressorInputStream.builder()
        .setInputStream(guarded)
        .setDecompressConcatenated(true)
        .setOnMemberStart(member -> guarded.allow(Long.MAX_VALUE, GZIP_HEADER))
        .setOnMemberEnd(member -> guarded.allow(MAX_GZIP_HEADER_BYTES, GZIP_HEADER))
        .get();
  }

  /** Zstandard chunked layers may begin with one (RFC 8878, 3.1.2). */
  private static boolean isSkippableFrame(byte[] head) {
    return head.length >= 4
        && (head[0] & 0xf0) == 0x50
        && head[1] == 0x2a
        && head[2] == 0x4d
        && head[3] == 0x18;
  }

  private static boolean startsWith(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
