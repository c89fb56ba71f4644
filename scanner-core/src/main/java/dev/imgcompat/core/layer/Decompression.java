package dev.imgcompat.core.layer;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Decompresses a blob by what its bytes are; media types lie now and then. */
final class Decompression {
  private static final int BUFFER_BYTES = 64 << 10;

  /** The file name and the comment of a gzip header are of no use, but are held in memory. */
  private static final int MAX_GZIP_HEADER_BYTES = 128 << 10;

  private static final String GZIP_HEADER = "a gzip header of more than 128 KiB";

  private Decompression() {}

  static InputStream open(InputStream blob) throws IOException {
    BufferedInputStream in = new BufferedInputStream(blob, BUFFER_BYTES);
    in.mark(8);
    byte[] head = in.readNBytes(6);
    in.reset();
    if (startsWith(head, 0x1f, 0x8b)) {
      return gzip(in);
    }
    if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd) || isSkippableFrame(head)) {
      return new ZstdInputStream(in);
    }
    if (startsWith(head, 'B', 'Z', 'h')) {
      throw new IOException("bzip2-compressed layers are not supported");
    }
    if (startsWith(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      throw new IOException("xz-compressed layers are not supported");
    }
    return in;
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
